import { expect, test } from 'vitest';
import { Backfill } from '../../src/daemon/backfill.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import { aJob, startHarness, type TestExecutor } from '../support/daemon-harness.ts';
import { nextLife } from '../support/next-life.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = '2030-01-01T00:30:00Z';
const hourly = (more = {}) => aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, ...more });
const third = 'job@20300101T030000Z';

/** What services were told, attempt by attempt. */
const told = (executor: TestExecutor) =>
  executor.started.map(({ id, attempt, job }) => [id.slice(4), attempt, job?.runNumber]);

const failing = (prepared: TestExecutor) => {
  prepared.outcome = 'failed';
};

const untilTold = (prepared: TestExecutor) => {
  prepared.runsForMs = undefined;
};

test('each occurrence is handed its number in the life of its schedule', async () => {
  const { clock, executor, engine } = await startHarness({ now, jobs: [hourly()] });
  await clock.advance(3 * hour);
  expect(told(executor)).toEqual([
    ['20300101T010000Z', 1, 1],
    ['20300101T020000Z', 1, 2],
    ['20300101T030000Z', 1, 3],
  ]);
  expect(await engine.run(third)).toMatchObject({ number: 3 });
});

test('a run that waits over a restart, and one that is lost and tried again, keep their numbers', async () => {
  const jobs = [hourly({ overlap: 'queue' })];
  const first = await startHarness({ now, jobs, prepare: untilTold });
  await first.clock.advance(2 * hour);
  const second = await nextLife(first, jobs);
  await second.clock.advance(hour);
  expect([...told(first.executor), ...told(second.executor)]).toEqual([
    ['20300101T010000Z', 1, 1],
    ['20300101T010000Z', 2, 1],
    ['20300101T020000Z', 1, 2],
    ['20300101T030000Z', 1, 3],
  ]);
});

test('a run that waits for its next attempt over a restart keeps its number', async () => {
  const retry = { attempts: 2, delayMs: minute, backoff: 'constant', maxDelayMs: hour } as const;
  const jobs = [hourly({ retry: { ...retry, onLost: true } })];
  const first = await startHarness({ now, jobs, prepare: failing });
  await first.clock.advance(30 * minute);
  const second = await nextLife(first, jobs);
  await second.clock.advance(minute);
  expect(told(second.executor)).toEqual([['20300101T010000Z', 2, 1]]);
});

test('a run of an earlier life that is retried by hand keeps its number', async () => {
  const jobs = [hourly()];
  const first = await startHarness({ now, jobs, prepare: failing });
  await first.clock.advance(3 * hour);
  const { clock, backend, engine, executor } = await nextLife(first, jobs);
  await retryRun(engine, backend, third, { actor: 'ops' });
  await clock.advance(0);
  expect(told(executor)).toEqual([['20300101T030000Z', 2, 3]]);
  expect(await engine.run(third)).toMatchObject({ trigger: 'retry', number: 3 });
});

test('what is caught up after an outage has the number of its time, those that were missed counted', async () => {
  const jobs = [hourly({ catchUp: { mode: 'latest', limit: 100 } })];
  const first = await startHarness({ now, jobs });
  await first.clock.advance(hour);
  await first.engine.journal.idle();
  first.kill();
  const { clock, backend } = first;
  await clock.advance(4 * hour);
  const { executor, records } = await startHarness({ now, jobs, clock, backend });
  expect(told(executor)).toEqual([['20300101T050000Z', 1, 5]]);
  const known = await records();
  expect(known.map(({ state, number }) => [state, number])).toEqual([
    ['succeeded', 1],
    ['missed', undefined],
    ['succeeded', 5],
  ]);
});

test('what no schedule asked for has no number, and a service is told 0', async () => {
  const { clock, backend, engine, executor } = await startHarness({ now, jobs: [hourly()] });
  const asked = await engine.runJob('job', { trigger: 'manual' });
  const backfill = new Backfill({ engine, backend, clock, anchorOf: () => 0 });
  const filled = await backfill.run(hourly(), { nominal: '2029-12-31T23:00:00Z' });
  await clock.advance(0);
  expect(executor.started.map(({ job }) => job?.runNumber)).toEqual([0, 0]);
  for (const { id } of [asked, filled]) expect(await engine.run(id)).not.toHaveProperty('number');
});

test('a record of an older jobsd has no number: its service is told 0', async () => {
  const jobs = [hourly({ overlap: 'queue' })];
  const { clock, backend } = await startHarness({ now, jobs: [] });
  const run = {
    id: 'job@20300101T000000Z',
    job: 'job',
    service: 'service',
    trigger: 'schedule',
    state: 'waiting',
    attempt: 0,
    nominalAt: clock.now() - 30 * minute,
    plannedAt: clock.now() - 30 * minute,
    revision: 'r',
  } as const;
  await backend.commit([{ kind: 'record', run }]);
  const { executor } = await startHarness({ now, jobs, clock, backend });
  expect(told(executor)).toEqual([['20300101T000000Z', 1, 0]]);
});
