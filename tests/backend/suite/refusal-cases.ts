import { expect, test } from 'vitest';
import { aRun } from '../a-run.ts';
import { record, update } from './changes.ts';
import type { Fresh } from './fresh.ts';

/** What is refused, and how. */
export function refusalCases(fresh: Fresh): void {
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
