import { expect, test } from 'vitest';
import type { JobState } from '../../../src/backend/backend.ts';
import { aRun, noon } from '../a-run.ts';
import { record } from './changes.ts';
import type { Fresh } from './fresh.ts';

/** Job states, definitions and logs. */
export function surroundingCases(fresh: Fresh): void {
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
