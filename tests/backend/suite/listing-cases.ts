import { expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import { aRun, noon } from '../a-run.ts';
import { record, withoutJob } from './changes.ts';
import type { Fresh } from './fresh.ts';

/** Pages, filters and the latest of each job. */
export function listingCases(fresh: Fresh): void {
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
