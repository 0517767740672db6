import { expect, test } from 'vitest';
import { retryRun } from '../../src/daemon/run-control.ts';
import { mostOfOne } from '../../src/dispatch/backlog.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { aJob, aSnapshot, type HarnessOptions, startHarness } from '../support/daemon-harness.ts';

const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
const narrow = { name: 'narrow', module: 'services/narrow.ts', export: 'default', place };
const second = 1000;
const everySecond = (more = {}) =>
  aJob({ schedule: { type: 'interval', every: '1s' }, service: 'narrow', ...more });

/** Runs of the service `narrow` never end by themselves, and no two of them run at once. */
async function aNarrowService(options: Pick<HarnessOptions, 'jobs'> & Partial<HarnessOptions>) {
  const harness = await startHarness({
    now: '2030-01-01T00:00:00Z',
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
    ...options,
  });
  const services = new Map([['narrow', { ...narrow, maxRunning: 1 }]]);
  harness.engine.use({ ...aSnapshot(options.jobs), services });
  return harness;
}

const asked = { trigger: 'api' } as const;
const skipped = (runs: readonly RunRecord[]) => runs.filter((run) => run.state === 'skipped');

test('a job that comes faster than its service can take it fills its queue, and then is skipped', async () => {
  const { clock, engine, executor, records } = await aNarrowService({ jobs: [everySecond()] });
  await clock.advance((mostOfOne + 4) * second);
  expect(engine.dispatcher.waitingCount).toBe(mostOfOne);
  const runs = await records();
  expect(skipped(runs)).toMatchObject([
    { reason: 'queue-full', attempt: 0 },
    { reason: 'queue-full' },
    { reason: 'queue-full' },
  ]);
  executor.end(executor.started[0]?.id ?? '');
  await clock.advance(second);
  expect(executor.started).toHaveLength(2);
  expect(engine.dispatcher.waitingCount).toBe(mostOfOne);
  expect(skipped(await records())).toHaveLength(3);
});

test('whoever asks for a run that could only wait behind a full queue is told so', async () => {
  const jobs = [
    everySecond({ on: { failure: { service: 'narrow' } } }),
    aJob({ name: 'other', service: 'narrow', schedule: { type: 'manual' } }),
  ];
  const { clock, backend, engine, executor, records } = await aNarrowService({ jobs });
  await clock.advance(second);
  executor.end('job@20300101T000001Z', { outcome: 'failed' });
  await clock.advance((mostOfOne + 1) * second);
  const count = (await records()).length;
  const full = { code: 'JOBSD_QUEUE_FULL', message: expect.stringContaining('"job" has 10000') };
  await expect(engine.runJob('job', asked)).rejects.toMatchObject(full);
  await expect(retryRun(engine, backend, 'job@20300101T000001Z', {})).rejects.toMatchObject(full);
  expect(await records()).toHaveLength(count);
  // What has nothing of its own in the queue still gets its place there.
  expect(await engine.runJob('other', asked)).toMatchObject({ state: 'waiting' });
});

test('a service that asks for itself again and again is stopped by an error, not by the memory', async () => {
  const { engine } = await aNarrowService({ jobs: [] });
  const ask = () => engine.invoke('narrow', { trigger: 'service' });
  await Promise.all(Array.from({ length: mostOfOne + 1 }, ask));
  await expect(ask()).rejects.toMatchObject({ code: 'JOBSD_QUEUE_FULL' });
  expect(engine.dispatcher.waitingCount).toBe(mostOfOne);
});

test('a service that waits for itself again and again is stopped by an error too', async () => {
  const { engine } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [],
    hostCapacity: 4,
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  engine.use({ ...aSnapshot([], 4), services: new Map([['narrow', narrow]]) });
  for (let depth = 0; depth < mostOfOne; depth++) {
    const { id } = await engine.invoke('narrow', { trigger: 'service' });
    engine.dispatcher.lendPlace(id);
  }
  await expect(engine.invoke('narrow', { trigger: 'service' })).rejects.toMatchObject({
    code: 'JOBSD_QUEUE_FULL',
  });
});

test('a reaction that finds the queue full is on record as skipped', async () => {
  const jobs = [
    aJob({ name: 'cause', schedule: { type: 'manual' }, on: { success: { service: 'narrow' } } }),
  ];
  const { clock, engine, executor } = await aNarrowService({ jobs });
  for (let n = 0; n <= mostOfOne; n++) void engine.invoke('narrow', { trigger: 'service' });
  const { id } = await engine.runJob('cause', asked);
  executor.end(id);
  await clock.advance(0);
  expect(await engine.run(`narrow@success-of-${id}`)).toMatchObject({
    state: 'skipped',
    reason: 'queue-full',
  });
});

test('runs between two attempts fill the queue as those do that wait for their first', async () => {
  const retry = {
    attempts: 2,
    delayMs: 1_000_000 * second,
    backoff: 'constant',
    maxDelayMs: 1_000_000 * second,
    onLost: true,
  } as const;
  const jobs = [everySecond({ retry, catchUp: { mode: 'all', limit: mostOfOne } })];
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs });
  first.kill();
  await first.clock.advance(mostOfOne * second);
  const harness = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: first.backend,
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  const { clock, engine, executor, records } = harness;
  await clock.advance(1);
  const services = new Map([['narrow', { ...narrow, maxRunning: 1 }]]);
  engine.use({ ...aSnapshot(jobs), services });
  executor.runsForMs = undefined;
  await clock.advance(3 * second);
  expect(skipped(await records()).map((run) => run.reason)).toEqual(['queue-full', 'queue-full']);
  expect(engine.dispatcher.waitingCount).toBe(0);
});

test('ten thousand jobs due at one instant all wait for their turn', async () => {
  const at = '2030-01-01T00:00:01Z';
  const jobs = Array.from({ length: 10_000 }, (_, n) =>
    aJob({ name: `job-${n}`, service: 'narrow', schedule: { type: 'one-time', at } }),
  );
  const { clock, engine } = await aNarrowService({ jobs });
  await clock.advance(second);
  expect(engine.dispatcher.waitingCount).toBe(9_999);
});

test('all that a catch-up of the largest limit asks for waits for its turn', async () => {
  const jobs = [everySecond({ overlap: 'queue', catchUp: { mode: 'all', limit: 10_000 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs });
  first.kill();
  await first.clock.advance(11_000 * second);
  const later = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: first.backend,
    prepare: (prepared) => {
      prepared.runsForMs = 0;
    },
  });
  await later.clock.advance(0);
  await later.clock.advance(100);
  expect(later.executor.started).toHaveLength(10_000);
});
