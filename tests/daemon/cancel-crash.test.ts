import { expect, test } from 'vitest';
import type { JobDefinition } from '../../src/config/snapshot.ts';
import { aJob, startHarness, type TestExecutor } from '../support/daemon-harness.ts';

const minute = 60_000;
const retry = {
  attempts: 3,
  delayMs: 0,
  backoff: 'constant',
  maxDelayMs: minute,
  onLost: true,
} as const;

/** Services that take their time to end when they are told to. */
const stubborn = (executor: TestExecutor) => {
  executor.runsForMs = undefined;
  executor.cancel = () => {};
};

async function afterKill(
  first: Awaited<ReturnType<typeof startHarness>>,
  jobs: readonly JobDefinition[],
) {
  await first.clock.advance(0);
  first.kill();
  const { clock, backend } = first;
  return startHarness({ now: '', clock, backend, jobs, prepare: stubborn });
}

test('a run that was being cancelled at a crash is cancelled, and not tried again', async () => {
  const jobs = [aJob({ schedule: { type: 'manual' }, retry })];
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs, prepare: stubborn });
  const { id } = await first.engine.runJob('job', { trigger: 'manual' });
  expect(first.engine.dispatcher.cancel(id, 'cancelled by me')).toBe(true);
  const second = await afterKill(first, jobs);
  expect(second.executor.started).toEqual([]);
  expect(await second.engine.run(id)).toMatchObject({
    state: 'cancelled',
    reason: 'cancelled by me',
    attempt: 1,
  });
});

test('a run that was being replaced at a crash is not tried again before its replacement', async () => {
  const jobs = [aJob({ schedule: { type: 'cron', cron: '* * * * *' }, overlap: 'replace', retry })];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs, prepare: stubborn });
  await first.clock.advance(2 * minute);
  const second = await afterKill(first, jobs);
  expect(second.executor.started.map(({ id }) => id)).toEqual(['job@20300101T000200Z']);
  expect((await second.records()).map((run) => [run.state, run.reason])).toEqual([
    ['cancelled', 'replaced'],
    ['running', undefined],
  ]);
});
