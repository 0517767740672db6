import { afterEach, describe, expect, test } from 'vitest';
import type { Backend, Change, JobState } from '../../src/backend/backend.ts';
import type { Clock } from '../../src/clock/clock.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { aRun, noon } from './a-run.ts';
import { ManualClock } from './manual-clock.ts';

/** A fresh, empty backend at each call. */
export type OpenBackend = (clock: Clock) => Promise<Backend> | Backend;

/** What every backend promises. Each implementation runs exactly these cases. */
export function backendSuite(name: string, open: OpenBackend): void {
  const opened: Backend[] = [];
  const clock = new ManualClock();

  async function fresh(changes: readonly Change[] = []): Promise<Backend> {
    const backend = await open(clock);
    opened.push(backend);
    if (changes.length > 0) await backend.commit(changes);
    return backend;
  }

  afterEach(async () => {
    for (const backend of opened.splice(0)) await backend.close();
  });

  describe(`${name} keeps records`, () => recordCases(fresh));
  describe(`${name} lists records`, () => listingCases(fresh));
  describe(`${name} keeps what surrounds records`, () => surroundingCases(fresh));
  describe(`${name} prunes`, () => pruningCases(fresh));
  describe(`${name} keeps values by key`, () => keyValueCases(fresh, clock));
  describe(`${name} refuses`, () => refusalCases(fresh));
}

type Fresh = (changes?: readonly Change[]) => Promise<Backend>;

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
};

function recordCases(fresh: Fresh): void {
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

function listingCases(fresh: Fresh): void {
  test('an empty ledger has one empty page', async () => {
    const backend = await fresh();
    expect(await backend.runs({ limit: 5 })).toStrictEqual({ runs: [] });
    expect(await backend.runs({ limit: 5, job: 'a', states: ['failed'] })).toStrictEqual({
      runs: [],
    });
    expect(await backend.latestRuns()).toStrictEqual([]);
    expect(await backend.unfinishedRuns()).toStrictEqual([]);
    expect(await backend.jobStates()).toStrictEqual([]);
  });

  const states = ['succeeded', 'failed', 'running', 'skipped', 'missed'] as const;
  const many = Array.from({ length: 60 }, (_, index) =>
    aRun(`job-${index % 4}`, index, { state: states[index % states.length] ?? 'failed' }),
  );

  test.each([
    { what: 'everything', query: {} },
    { what: 'one job', query: { job: 'job-1' } },
    { what: 'two states', query: { states: ['failed', 'missed'] as const } },
    { what: 'one job in one state', query: { job: 'job-3', states: ['running'] as const } },
    { what: 'an unknown job', query: { job: 'job-9' } },
    { what: 'no state', query: { states: [] } },
  ])('pages of $what join up to the whole, last recorded first', async ({ query }) => {
    const { job, states } = query as { job?: string; states?: readonly string[] };
    const backend = await fresh(many.map(record));
    const expected = many
      .filter((run) => job === undefined || run.job === job)
      .filter((run) => states === undefined || states.includes(run.state))
      .map(({ id }) => id)
      .reverse();
    for (const limit of [1, 7, expected.length, 1000]) {
      if (limit > 0) expect(await allPages(backend, query, limit)).toEqual(expected);
    }
  });

  test('a page begun goes on where it was although records come in between', async () => {
    const backend = await fresh(many.slice(0, 10).map(record));
    const first = await backend.runs({ limit: 4 });
    await backend.commit(many.slice(10, 20).map(record));
    const second = await backend.runs({ limit: 100, after: first.next ?? '' });
    expect(second.runs.map(({ id }) => id)).toEqual(
      many
        .slice(0, 6)
        .map(({ id }) => id)
        .reverse(),
    );
    expect('next' in second).toBe(false);
  });

  test('the latest record of each job is the one recorded last, whatever its times', async () => {
    const backend = await fresh([
      record(aRun('a', 9)),
      record(aRun('a', 2)),
      record(aRun('b', 1)),
      record(withoutJob(aRun('lonely', 3))),
    ]);
    const latest = await backend.latestRuns();
    expect(latest.map(({ id }) => id).sort()).toEqual([aRun('a', 2).id, aRun('b', 1).id]);
  });

  test('the latest record of each of many jobs is found, however long ago some ran', async () => {
    const jobs = Array.from({ length: 130 }, (_, index) => `job-${index}`);
    const rare = jobs.filter((_, index) => index % 3 === 0);
    const backend = await fresh([
      ...jobs.map((job) => record(aRun(job, 1, { state: 'missed' }))),
      ...rare.map((job) => record(aRun(job, 2))),
      ...Array.from({ length: 300 }, (_, index) => record(aRun('busy', index))),
    ]);
    const expected = jobs.map((job) => aRun(job, rare.includes(job) ? 2 : 1).id);
    const latest = (await backend.latestRuns()).map(({ id }) => id);
    expect(latest.sort()).toEqual([...expected, aRun('busy', 299).id].sort());
    await backend.prune({ before: noon, keep: 0, limit: 10_000 });
    expect((await backend.latestRuns()).length).toBe(rare.length + 1);
  });

  test('after a rename the records belong to the new name under their old ids', async () => {
    const backend = await fresh([
      record(aRun('old', 1)),
      record(aRun('new', 2, { state: 'failed' })),
      record(aRun('old', 3, { state: 'succeeded' })),
      { kind: 'rename-job', from: 'old', to: 'new' },
      record(aRun('old', 4)),
    ]);
    const { runs } = await backend.runs({ job: 'new', limit: 10 });
    expect(runs.map(({ id, job }) => [id, job])).toEqual([
      [aRun('old', 3).id, 'new'],
      [aRun('new', 2).id, 'new'],
      [aRun('old', 1).id, 'new'],
    ]);
    expect((await backend.unfinishedRuns()).map(({ job }) => job)).toEqual(['new', 'old']);
  });
}

function surroundingCases(fresh: Fresh): void {
  const state: JobState = {
    job: 'a',
    scheduleKey: 'interval|1h',
    anchorAt: noon,
    cursorAt: noon + 1,
    occurrences: 3,
  };

  test('a job state is replaced whole, and forgotten without its records', async () => {
    const paused = { ...state, paused: { at: noon, until: noon + 9, actor: 'me', reason: 'why' } };
    const backend = await fresh([record(aRun('a', 0)), { kind: 'job-state', state: paused }]);
    expect(await backend.jobStates()).toStrictEqual([paused]);
    await backend.commit([{ kind: 'job-state', state: { ...state, occurrences: 4 } }]);
    expect(await backend.jobStates()).toStrictEqual([{ ...state, occurrences: 4 }]);
    await backend.commit([
      { kind: 'forget-job', job: 'a' },
      { kind: 'forget-job', job: 'never' },
    ]);
    expect(await backend.jobStates()).toStrictEqual([]);
    expect((await backend.runs({ job: 'a', limit: 9 })).runs).toHaveLength(1);
  });

  test('instants before 1970 and far ahead are kept', async () => {
    const far = { ...state, anchorAt: -62_135_596_800_000, cursorAt: 253_402_300_799_999 };
    const backend = await fresh([{ kind: 'job-state', state: far }]);
    expect(await backend.jobStates()).toStrictEqual([far]);
  });

  test('a definition is kept under its key, and the first one stays', async () => {
    const backend = await fresh([
      { kind: 'definition', key: 'k1', json: '{"name":"a","list":[1,null]}' },
      { kind: 'definition', key: 'k1', json: '{"name":"b"}' },
    ]);
    expect(await backend.definition('k1')).toStrictEqual({ name: 'a', list: [1, null] });
    expect(await backend.definition('k2')).toBeUndefined();
  });

  test('log lines come back in order and belong to one record', async () => {
    const line = (text: string) => ({ at: noon, level: 'info', text }) as const;
    const [a, b] = [aRun('a', 0), aRun('b', 0)];
    const backend = await fresh([
      record(a),
      record(b),
      { kind: 'log', id: a.id, lines: [line('1'), line('2')] },
      { kind: 'log', id: b.id, lines: [line('x')] },
      { kind: 'log', id: a.id, lines: [line('3')] },
      { kind: 'log', id: 'nobody@20261120T000000Z', lines: [line('y')] },
    ]);
    expect(await backend.logs(a.id)).toStrictEqual([line('1'), line('2'), line('3')]);
    expect(await backend.logs(b.id)).toStrictEqual([line('x')]);
    expect(await backend.logs('nobody@20261120T000000Z')).toEqual([]);
  });
}

function pruningCases(fresh: Fresh): void {
  const done = (job: string, minutes: number) =>
    aRun(job, minutes, { state: 'succeeded', endedAt: noon + minutes * 60_000 });
  const ids = async (backend: Backend) =>
    (await backend.runs({ limit: 1000 })).runs.map(({ id }) => id);

  test('what ended before the limit goes, with its log; what is unfinished stays', async () => {
    const missed = aRun('a', 1, { state: 'missed' });
    const backend = await fresh([
      record(done('a', 0)),
      record(missed),
      record(aRun('a', 2, { state: 'waiting' })),
      record(done('a', 3)),
      { kind: 'log', id: done('a', 0).id, lines: [{ at: 0, level: 'info', text: 'x' }] },
    ]);
    expect(await backend.prune({ before: noon + 180_000, keep: 100, limit: 100 })).toBe(2);
    expect(await ids(backend)).toEqual([done('a', 3).id, aRun('a', 2).id]);
    expect(await backend.logs(done('a', 0).id)).toEqual([]);
    expect((await backend.commit([record(done('a', 0))])).dropped).toEqual([]);
    expect(await backend.logs(done('a', 0).id)).toEqual([]);
  });

  test('of each job, and of each service without one, the newest stay', async () => {
    const lone = (service: string, minutes: number) =>
      withoutJob({ ...done(`${service}`, minutes), service });
    const backend = await fresh([
      ...[1, 2, 3, 4].map((minutes) => record(done('a', minutes))),
      record(done('b', 1)),
      ...[1, 2, 3].map((minutes) => record(lone('s', minutes))),
      record(lone('t', 1)),
      record(lone('t', 2)),
    ]);
    expect(await backend.prune({ before: 0, keep: 2, limit: 100 })).toBe(3);
    const left = [
      done('a', 3),
      done('a', 4),
      done('b', 1),
      lone('s', 2),
      lone('s', 3),
      lone('t', 1),
      lone('t', 2),
    ];
    expect((await ids(backend)).reverse()).toEqual(left.map(({ id }) => id));
  });

  test('an unfinished record counts as one of the newest but never goes', async () => {
    const backend = await fresh([
      record(aRun('a', 1)),
      record(done('a', 2)),
      record(aRun('a', 3)),
      record(aRun('a', 4)),
    ]);
    expect(await backend.prune({ before: 0, keep: 2, limit: 100 })).toBe(1);
    expect(await ids(backend)).toEqual([aRun('a', 4).id, aRun('a', 3).id, aRun('a', 1).id]);
  });

  test('a call removes at most its limit, the oldest first, until nothing is left to do', async () => {
    const runs = [
      done('b', 1),
      done('a', 2),
      done('b', 3),
      done('a', 4),
      done('b', 5),
      done('a', 6),
    ];
    const backend = await fresh(runs.map(record));
    const options = { before: noon + 2 * 60_000, keep: 1, limit: 2 };
    expect(await backend.prune(options)).toBe(2);
    expect((await ids(backend)).reverse()).toEqual(runs.slice(2).map(({ id }) => id));
    expect(await backend.prune(options)).toBe(2);
    expect(await backend.prune(options)).toBe(0);
    expect((await ids(backend)).reverse()).toEqual(runs.slice(4).map(({ id }) => id));
  });

  test('a definition of this session stays although nothing refers to it', async () => {
    const backend = await fresh([{ kind: 'definition', key: 'k', json: '{}' }]);
    expect(await backend.prune({ before: noon, keep: 0, limit: 10 })).toBe(0);
    expect(await backend.definition('k')).toEqual({});
  });
}

function keyValueCases(fresh: Fresh, clock: ManualClock): void {
  test('a value is set, replaced and deleted', async () => {
    const { keyValues } = await fresh();
    expect(await keyValues.get('a')).toBeUndefined();
    await keyValues.set('a', 'ä\n✓');
    expect(await keyValues.get('a')).toBe('ä\n✓');
    await keyValues.set('a', '');
    expect(await keyValues.get('a')).toBe('');
    expect(await keyValues.delete('a')).toBe(true);
    expect(await keyValues.delete('a')).toBe(false);
    expect(await keyValues.get('a')).toBeUndefined();
  });

  test('a value with a time to live is gone when it is over, and replacing it ends that', async () => {
    const { keyValues } = await fresh();
    await keyValues.set('a', '1', { ttlMs: 1000 });
    await keyValues.set('b', '1', { ttlMs: 1000 });
    await keyValues.set('b', '2');
    expect(await keyValues.increment('a', 1)).toBe(2);
    clock.at += 999;
    expect(await keyValues.get('a')).toBe('2');
    clock.at += 1;
    expect(await keyValues.get('a')).toBeUndefined();
    expect(await keyValues.keys('', 10)).toEqual(['b']);
    expect(await keyValues.delete('a')).toBe(false);
    await keyValues.set('c', '7', { ttlMs: 1 });
    clock.at += 1;
    expect(await keyValues.increment('c', 1)).toBe(1);
    clock.at += 10_000;
    expect(await keyValues.get('c')).toBe('1');
    expect(await keyValues.get('b')).toBe('2');
  });

  test('keys come sorted by code point, by prefix, up to a limit', async () => {
    const { keyValues } = await fresh();
    const keys = ['b', 'a:2', 'a:10', 'a', 'a:\u{1F600}', 'a:\uFFFD', 'A', 'a%', 'a_'];
    await Promise.all(keys.map((key) => keyValues.set(key, key)));
    expect(await keyValues.keys('a:', 10)).toEqual(['a:10', 'a:2', 'a:\uFFFD', 'a:\u{1F600}']);
    expect(await keyValues.keys('', 3)).toEqual(['A', 'a', 'a%']);
    expect(await keyValues.keys('a%', 3)).toEqual(['a%']);
    expect(await keyValues.keys('z', 3)).toEqual([]);
  });

  test('increments made at once all count', async () => {
    const { keyValues } = await fresh();
    const sums = await Promise.all(Array.from({ length: 50 }, () => keyValues.increment('n', 2)));
    expect(sums).toEqual(Array.from({ length: 50 }, (_, index) => 2 * index + 2));
    expect(await keyValues.increment('n', -101)).toBe(-1);
    expect(await keyValues.get('n')).toBe('-1');
  });

  test('what is no whole number cannot be added to and stays', async () => {
    const { keyValues } = await fresh();
    await keyValues.set('n', 'seven');
    await keyValues.set('m', String(Number.MAX_SAFE_INTEGER));
    const [other, ...failures] = await Promise.allSettled([
      keyValues.increment('fine', 1),
      keyValues.increment('n', 1),
      keyValues.increment('m', 1),
    ]);
    expect(other).toMatchObject({ value: 1 });
    for (const failure of failures) {
      expect(failure).toMatchObject({ reason: { code: 'JOBSD_INPUT_INVALID' } });
    }
    expect(await keyValues.get('n')).toBe('seven');
  });

  test('keys and values beyond their bounds are refused with the bound', async () => {
    const { keyValues } = await fresh();
    await keyValues.set('k'.repeat(1024), 'v'.repeat(1024 * 1024));
    const refused = {
      code: 'JOBSD_INPUT_INVALID',
      message: expect.stringMatching(/1024|1048576|empty|ttl/),
    };
    await expect(keyValues.set('k', '✓'.repeat(400_000))).rejects.toMatchObject(refused);
    await expect(keyValues.set('ä'.repeat(513), '')).rejects.toMatchObject(refused);
    await expect(keyValues.set('', '')).rejects.toMatchObject(refused);
    await expect(keyValues.set('a', '', { ttlMs: 0 })).rejects.toMatchObject(refused);
    await expect(keyValues.set('a', '', { ttlMs: 0.5 })).rejects.toMatchObject(refused);
    expect(await keyValues.keys('', 10)).toHaveLength(1);
  });
}

function refusalCases(fresh: Fresh): void {
  test('an instant that is no whole number, and nothing of its call is kept', async () => {
    const backend = await fresh();
    const calls = await Promise.allSettled([
      backend.commit([record(aRun('a', 0))]),
      backend.commit([record(aRun('b', 0)), update(aRun('b', 0).id, { retryAt: 1.5 })]),
      backend.commit([record(aRun('c', 0, { plannedAt: Number.NaN }))]),
      backend.commit([record(aRun('d', 0))]),
    ]);
    expect(calls.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(calls[1]).toMatchObject({ reason: { code: 'JOBSD_INPUT_INVALID' } });
    const { runs } = await backend.runs({ limit: 9 });
    expect(runs.map(({ job }) => job)).toEqual(['d', 'a']);
  });

  test.each([
    { limit: 0 },
    { limit: 1001 },
    { limit: 1.5 },
    { limit: 5, after: 'x' },
    { limit: 5, after: '-1' },
    { limit: 5, after: '' },
  ])('the query %o', async (query) => {
    const backend = await fresh();
    await expect(backend.runs(query)).rejects.toMatchObject({ code: 'JOBSD_INPUT_INVALID' });
  });

  test('whatever is asked after it was closed', async () => {
    const backend = await fresh();
    const last = backend.commit([record(aRun('a', 0))]);
    await backend.close();
    await backend.close();
    expect(await last).toEqual({ dropped: [] });
    const refused = { code: 'JOBSD_BACKEND_UNWRITABLE' };
    await expect(backend.commit([])).rejects.toMatchObject(refused);
    await expect(backend.runs({ limit: 1 })).rejects.toMatchObject(refused);
    await expect(backend.jobStates()).rejects.toMatchObject(refused);
    await expect(backend.keyValues.get('a')).rejects.toMatchObject(refused);
    await expect(backend.keyValues.set('a', '')).rejects.toMatchObject(refused);
  });
}

async function allPages(
  backend: Backend,
  query: { job?: string; states?: readonly RunRecord['state'][] },
  limit: number,
): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await backend.runs({ ...query, limit, ...(after === undefined ? {} : { after }) });
    ids.push(...page.runs.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

function record(run: RunRecord): Change {
  return { kind: 'record', run };
}

function update(id: string, fields: Partial<Omit<RunRecord, 'id'>>): Change {
  return { kind: 'update', id, fields };
}

function withoutJob({ job: _, ...run }: RunRecord): RunRecord {
  return run;
}
