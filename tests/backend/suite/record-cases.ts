import { expect, test } from 'vitest';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import { aRun, noon } from '../a-run.ts';
import { record, update } from './changes.ts';
import type { Fresh } from './fresh.ts';

const fullRun: RunRecord = {
  ...aRun('reports/nightly', 0),
  trigger: 'catch-up',
  actor: 'Ümit ✓',
  state: 'retrying',
  reason: 'outage',
  attempt: 3,
  endedAt: noon + 5,
  retryAt: noon + 60_000,
  host: 'host-2',
  definition: 'def-1',
  payload: '{"key":"a\\u0000b"}',
  result: '[1,2]',
  error: { name: 'TypeError', message: 'x is not a function', code: 'E_X', stack: 'at x\n at y' },
  count: 12,
  lastNominalAt: noon + 3_600_000,
  place: 'jobs.d/reports.yaml:14',
  commit: `${'a'.repeat(40)}-dirty`,
  number: 2 ** 40,
};

/** Records come, change and come back. */
export function recordCases(fresh: Fresh): void {
  test('a record comes back with every field it had and none it had not', async () => {
    const slim = aRun('a', 1);
    const backend = await fresh([record(fullRun), record(slim)]);
    expect(await backend.run(fullRun.id)).toStrictEqual(fullRun);
    expect(await backend.run(slim.id)).toStrictEqual(slim);
    expect(await backend.run('nobody@20261120T000000Z')).toBeUndefined();
  });

  test.each([
    'plain',
    'sync-data@20261120T170000Z',
    'sync-data@20261120T170000.250Z',
    'sync-data@manual-01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'a@b@20261120T170000Z',
    '@20261120T170000Z',
    'x@00000000T000000Z',
    'x@12345',
    'x@',
    ':x',
    '20261120T170000Z',
  ])('the id %s is its own and no other', async (id) => {
    const backend = await fresh([record({ ...aRun('a', 0), id }), record(aRun('b', 1))]);
    expect((await backend.run(id))?.id).toBe(id);
    expect((await backend.commit([record({ ...aRun('a', 0), id })])).dropped).toEqual([id]);
    expect((await backend.run(`${id}0`))?.id).toBeUndefined();
  });

  test('a record whose id is there is dropped and told, and the first one stays', async () => {
    const backend = await fresh([record(aRun('a', 0))]);
    const second = aRun('a', 0, { trigger: 'manual' });
    const result = await backend.commit([record(aRun('b', 0)), record(second), record(second)]);
    expect(result.dropped).toEqual([second.id, second.id]);
    expect((await backend.run(second.id))?.trigger).toBe('schedule');
  });

  test('only the call whose record was dropped is told so', async () => {
    const backend = await fresh([record(aRun('a', 0))]);
    const results = await Promise.all([
      backend.commit([record(aRun('b', 0)), record(aRun('b', 1))]),
      backend.commit([record(aRun('c', 0)), record(aRun('a', 0))]),
      backend.commit([record(aRun('d', 0))]),
    ]);
    expect(results.map(({ dropped }) => dropped)).toEqual([[], [aRun('a', 0).id], []]);
  });

  test('an update changes what it names, clears what it sets to undefined and keeps the rest', async () => {
    const backend = await fresh([record(fullRun)]);
    const fields = {
      state: 'succeeded',
      endedAt: noon + 9,
      retryAt: undefined,
      error: undefined,
    } as const;
    await backend.commit([{ kind: 'update', id: fullRun.id, fields }]);
    const { retryAt: _, error: __, ...rest } = fullRun;
    expect(await backend.run(fullRun.id)).toStrictEqual({
      ...rest,
      state: 'succeeded',
      endedAt: noon + 9,
    });
  });

  test('a late result of an earlier attempt changes nothing', async () => {
    const run = aRun('a', 0, { attempt: 2 });
    const backend = await fresh([record(run)]);
    const late = { kind: 'update', id: run.id, fields: { state: 'succeeded' } } as const;
    await backend.commit([{ ...late, ifAttempt: 1 }]);
    expect(await backend.run(run.id)).toStrictEqual(run);
    await backend.commit([{ ...late, ifAttempt: 2 }]);
    expect((await backend.run(run.id))?.state).toBe('succeeded');
  });

  test('an update of nothing, or of no record, changes nothing', async () => {
    const backend = await fresh([record(aRun('a', 0))]);
    await backend.commit([
      { kind: 'update', id: aRun('a', 0).id, fields: {} },
      { kind: 'update', id: 'b@20261120T120000Z', fields: { state: 'failed' } },
    ]);
    expect((await backend.runs({ limit: 10 })).runs).toStrictEqual([aRun('a', 0)]);
  });

  test('changes of one call apply in their order', async () => {
    const run = aRun('a', 0);
    const backend = await fresh([
      update(run.id, { state: 'failed' }),
      record(run),
      update(run.id, { state: 'retrying', attempt: 2 }),
      update(run.id, { state: 'running' }),
    ]);
    expect(await backend.run(run.id)).toStrictEqual({ ...run, attempt: 2 });
  });

  test('calls made in one turn apply in their order', async () => {
    const backend = await fresh([record(aRun('a', 0))]);
    const states = ['waiting', 'running', 'retrying', 'failed', 'running', 'succeeded'] as const;
    await Promise.all(states.map((state) => backend.commit([update(aRun('a', 0).id, { state })])));
    expect((await backend.run(aRun('a', 0).id))?.state).toBe('succeeded');
  });

  test('unfinished records come oldest first, as they are now', async () => {
    const backend = await fresh([
      record(aRun('b', 5, { state: 'waiting', attempt: 0 })),
      record(aRun('a', 1)),
      record(aRun('c', 1, { state: 'succeeded' })),
      record(fullRun),
      record(aRun('d', 1)),
      update(aRun('d', 1).id, { state: 'failed' }),
      update(aRun('a', 1).id, { host: 'host-7', startedAt: undefined }),
      update(aRun('c', 1).id, { state: 'waiting' }),
    ]);
    const { startedAt: _, ...a } = aRun('a', 1, { host: 'host-7' });
    expect(await backend.unfinishedRuns()).toStrictEqual([
      aRun('b', 5, { state: 'waiting', attempt: 0 }),
      a,
      aRun('c', 1, { state: 'waiting' }),
      fullRun,
    ]);
  });

  test('a record given away can be changed without changing the ledger', async () => {
    const run = { ...aRun('a', 0) };
    const backend = await fresh([record(run)]);
    Object.assign(run, { state: 'failed' });
    expect((await backend.run(run.id))?.state).toBe('running');
  });
}
