import { expect, test } from 'vitest';
import type { Backend, Change } from '../../../src/backend/backend.ts';
import { aRun, noon } from '../a-run.ts';
import { record, withoutJob } from './changes.ts';
import type { Fresh } from './fresh.ts';

/** Retention. */
export function pruningCases(fresh: Fresh): void {
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

  test('a call with another limit of age finds what it asks for, no more and no less', async () => {
    const runs = [0, 60, 120, 180, 240].map((minutes) => done('a', minutes));
    const hour = 3_600_000;
    const backend = await fresh(runs.map(record));
    expect(await backend.prune({ before: noon + 2.5 * hour, keep: 9, limit: 1 })).toBe(1);
    expect(await backend.prune({ before: noon, keep: 9, limit: 10 })).toBe(0);
    expect(await backend.prune({ before: noon + 2.5 * hour, keep: 9, limit: 1 })).toBe(1);
    expect(await backend.prune({ before: noon + 3.5 * hour, keep: 9, limit: 10 })).toBe(2);
    expect(await ids(backend)).toEqual([done('a', 240).id]);
  });

  test("a stretch of skipped times that reaches the job's cursor may still grow, and stays", async () => {
    const stretch = (job: string) =>
      aRun(job, 0, {
        state: 'skipped',
        count: 3,
        lastNominalAt: noon + 120_000,
        endedAt: noon + 120_000,
      });
    const state = (job: string, cursorAt: number): Change => ({
      kind: 'job-state',
      state: { job, scheduleKey: 'k', anchorAt: 0, cursorAt, occurrences: 3 },
    });
    const backend = await fresh([
      record(stretch('growing')),
      state('growing', noon + 120_000),
      record(stretch('closed')),
      state('closed', noon + 180_000),
      record(stretch('removed')),
      ...['growing', 'closed', 'removed'].map((job) => record(done(job, 5))),
    ]);
    expect(await backend.prune({ before: 0, keep: 1, limit: 100 })).toBe(2);
    expect(await backend.prune({ before: noon + 240_000, keep: 9, limit: 100 })).toBe(0);
    expect(await backend.run(stretch('growing').id)).toMatchObject({ count: 3 });
    await backend.commit([state('growing', noon + 240_000)]);
    expect(await backend.prune({ before: noon + 240_000, keep: 9, limit: 100 })).toBe(1);
  });

  test('a definition of this session stays although nothing refers to it', async () => {
    const backend = await fresh([{ kind: 'definition', key: 'k', json: '{}' }]);
    expect(await backend.prune({ before: noon, keep: 0, limit: 10 })).toBe(0);
    expect(await backend.definition('k')).toEqual({});
  });
}
