import { expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import type { OverlapPolicy } from '../../src/config/snapshot.ts';
import { JobsdError } from '../../src/errors.ts';
import { aJob, type JobSpec, startHarness } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
const everyMinute = (more: Partial<JobSpec> = {}) =>
  aJob({ schedule: { type: 'cron', cron: '* * * * *' }, ...more });
const retry = {
  attempts: 3,
  delayMs: 10_000,
  backoff: 'constant',
  maxDelayMs: 60_000,
  onLost: true,
} as const;

/** A job each minute whose runs take two and a half. Gives what became of the first six. */
async function crowded(overlap: OverlapPolicy) {
  const harness = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [everyMinute({ overlap })],
    prepare: (executor) => {
      executor.runsForMs = 2.5 * minute;
    },
  });
  await harness.clock.advance(5.9 * minute);
  const runs = (await harness.records()).slice(0, 6);
  return runs.map((run) => (run.reason === undefined ? run.state : `${run.state} ${run.reason}`));
}

test('allow runs what overlaps side by side', async () => {
  expect(await crowded('allow')).toEqual([
    'succeeded',
    'succeeded',
    'succeeded',
    'running',
    'running',
    'running',
  ]);
});

test('skip leaves out what comes while one is under way', async () => {
  expect(await crowded('skip')).toEqual([
    'succeeded',
    'skipped overlap',
    'skipped overlap',
    'running',
    'skipped overlap',
    'skipped overlap',
  ]);
});

test('queue runs all of it, one after the other', async () => {
  expect(await crowded('queue')).toEqual([
    'succeeded',
    'succeeded',
    'running',
    'waiting',
    'waiting',
    'waiting',
  ]);
});

test('queue-latest keeps only the newest of what waits', async () => {
  expect(await crowded('queue-latest')).toEqual([
    'succeeded',
    'skipped overlap',
    'succeeded',
    'skipped overlap',
    'running',
    'waiting',
  ]);
});

test('replace cancels what is under way', async () => {
  expect(await crowded('replace')).toEqual([
    'cancelled replaced',
    'cancelled replaced',
    'cancelled replaced',
    'cancelled replaced',
    'cancelled replaced',
    'running',
  ]);
});

test('a failed attempt is followed by the next, under the same id, until one succeeds', async () => {
  const { clock, executor, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [aJob({ schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' }, retry })],
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await clock.advance(35_000);
  expect(await records()).toMatchObject([{ state: 'retrying', attempt: 1 }]);
  executor.outcome = 'succeeded';
  await clock.advance(10_000);
  expect(executor.started.map(({ id, attempt }) => [id, attempt])).toEqual([
    ['job@20300101T000100Z', 1],
    ['job@20300101T000100Z', 2],
  ]);
  expect(await records()).toMatchObject([{ state: 'succeeded', attempt: 2 }]);
});

test('a run that was under way in a crash is tried again as its next attempt', async () => {
  const jobs = [everyMinute({ retry })];
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.runsForMs = undefined;
    },
  });
  await first.clock.advance(minute);
  first.kill();
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await second.clock.advance(1000);
  expect(second.executor.started).toMatchObject([{ id: 'job@20300101T000100Z', attempt: 2 }]);
});

test('a run that succeeds in the end does not keep the error of an earlier attempt', async () => {
  const { clock, executor, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [aJob({ schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' }, retry })],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const id = 'job@20300101T000100Z';
  await clock.advance(minute);
  executor.end(id, { outcome: 'failed', error: { name: 'Error', message: 'not yet' } });
  await clock.advance(minute);
  executor.end(id);
  await clock.advance(0);
  const [run] = await records();
  expect([run?.state, run?.attempt, run?.error]).toEqual(['succeeded', 2, undefined]);
});

test('a retry keeps its position over a restart', async () => {
  const jobs = [
    aJob({
      schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' },
      retry: { ...retry, delayMs: minute },
    }),
  ];
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.outcome = 'failed';
    },
  });
  await first.clock.advance(40_000);
  first.kill();
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await second.clock.advance(49_000);
  expect(second.executor.started).toEqual([]);
  await second.clock.advance(2_000);
  expect(second.executor.started).toMatchObject([{ attempt: 2 }]);
});

test('a waiting run keeps the definition it was made with over reload and restart', async () => {
  const jobs = [everyMinute({ overlap: 'queue', timeoutMs: 1234 })];
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.runsForMs = undefined;
    },
  });
  await first.clock.advance(2 * minute);
  first.kill();
  const edited = [
    everyMinute({ overlap: 'queue', timeoutMs: 9999, retry: { ...retry, onLost: false } }),
  ];
  const second = await startHarness({
    now: '',
    jobs: edited,
    clock: first.clock,
    backend: first.backend,
  });
  await second.clock.advance(1000);
  const waited = second.executor.started.find((request) => request.id === 'job@20300101T000200Z');
  expect(waited).toMatchObject({ attempt: 1, timeoutMs: 1234 });
});

test('a late result of an attempt that was given up changes nothing', async () => {
  const { clock, engine, executor, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [aJob({ schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' }, retry })],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  await clock.advance(31_000);
  const id = 'job@20300101T000100Z';
  executor.end(id, { outcome: 'timed-out' });
  await clock.advance(11_000);
  engine.dispatcher.settle([{ id, attempt: 1, outcome: 'succeeded' }]);
  await clock.advance(0);
  expect(await records()).toMatchObject([{ state: 'running', attempt: 2 }]);
  expect(engine.dispatcher.runningCount).toBe(1);
});

test('what finds no room waits, and starts by priority as room comes', async () => {
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [
      aJob({ name: 'low', schedule: { type: 'manual' } }),
      aJob({ name: 'high', schedule: { type: 'manual' }, priority: 5 }),
    ],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
    hostCapacity: 1,
  });
  const asked = ['low', 'low', 'high'].map((job) => engine.runJob(job, { trigger: 'manual' }));
  const runs = await Promise.all(asked);
  expect(runs.map((run) => run.state)).toEqual(['running', 'waiting', 'waiting']);
  executor.end(runs[0]?.id ?? '');
  await clock.advance(0);
  expect(executor.started.map((request) => request.job?.name)).toEqual(['low', 'high']);
});

test('a waiting run can be cancelled, and so can one that is under way', async () => {
  const { clock, engine } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [aJob({ schedule: { type: 'manual' }, overlap: 'queue' })],
    prepare: (executor) => {
      executor.runsForMs = undefined;
    },
  });
  const running = await engine.runJob('job', { trigger: 'manual' });
  const waiting = await engine.runJob('job', { trigger: 'manual' });
  expect(engine.dispatcher.cancel(waiting.id, 'asked')).toBe(true);
  expect(engine.dispatcher.cancel(running.id, 'asked')).toBe(true);
  expect(engine.dispatcher.cancel('nobody@x', 'asked')).toBe(false);
  await clock.advance(0);
  expect((await engine.run(waiting.id)).state).toBe('cancelled');
  expect(await engine.run(running.id)).toMatchObject({ state: 'cancelled', reason: 'asked' });
});

test('a run that is cancelled between two attempts has no next one on record', async () => {
  const retry = { attempts: 3, delayMs: 60_000, backoff: 'constant', maxDelayMs: 60_000 } as const;
  const { clock, engine } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [aJob({ schedule: { type: 'manual' }, retry: { ...retry, onLost: true } })],
    prepare: (executor) => {
      executor.outcome = 'failed';
    },
  });
  const { id } = await engine.runJob('job', { trigger: 'manual' });
  await clock.advance(0);
  expect(await engine.run(id)).toMatchObject({ state: 'retrying', retryAt: expect.any(Number) });
  engine.dispatcher.cancel(id, 'asked');
  await clock.advance(0);
  expect(await engine.run(id)).toMatchObject({ state: 'cancelled', reason: 'asked', attempt: 1 });
  expect((await engine.run(id)).retryAt).toBeUndefined();
});

test('a failure sets off its reaction with the context of the run, in the same commit', async () => {
  const { clock, executor, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [
      aJob({
        name: 'nightly',
        schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' },
        on: { failure: { job: 'alarm' } },
      }),
      aJob({ name: 'alarm', schedule: { type: 'manual' } }),
    ],
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await clock.advance(minute);
  const [, alarm] = executor.started;
  expect(alarm?.id).toBe('alarm@failure-of-nightly@20300101T000100Z');
  expect(JSON.parse(alarm?.payload ?? '')).toMatchObject({ event: 'failure', job: 'nightly' });
  expect(await records()).toHaveLength(2);
});

/** A ledger whose disk is full whenever the test says so. */
function fullDisk(backend: Backend) {
  const disk = { isFull: false };
  const wrapped: Backend = Object.create(backend, {
    commit: {
      value: (changes: Parameters<Backend['commit']>[0]) =>
        disk.isFull
          ? Promise.reject(new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'disk full'))
          : backend.commit(changes),
    },
  });
  return { disk, backend: wrapped };
}

test('a full disk stops firing, and what was due meanwhile is caught up when it has room again', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:30Z');
  const { disk, backend } = fullDisk(openMemoryBackend({ clock }));
  const jobs = [everyMinute({ catchUp: { mode: 'latest', limit: 100 } })];
  const { fired, records } = await startHarness({ now: '', jobs, clock, backend });
  await clock.advance(minute);
  disk.isFull = true;
  await clock.advance(5 * minute);
  expect(fired()).toEqual(['2030-01-01T00:01:00.000Z']);
  disk.isFull = false;
  await clock.advance(minute);
  const states = (await records()).map((run) => [run.id.slice(-6), run.state, run.count]);
  expect(states).toEqual([
    ['00100Z', 'succeeded', undefined],
    // Taken up when the disk filled: written as soon as it could be, and run then.
    ['00200Z', 'succeeded', undefined],
    ['00300Z', 'missed', 3],
    ['00600Z', 'succeeded', undefined],
    ['00700Z', 'succeeded', undefined],
  ]);
});

test('what is being written as started at the stop is handed over before the executor closes', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:30Z');
  const { backend, hold } = holdingBackend(clock);
  let startedAtClose: number | undefined;
  const harness = await startHarness({
    now: '',
    clock,
    backend,
    jobs: [everyMinute()],
    prepare: (executor) => {
      executor.close = async () => {
        startedAtClose = executor.started.length;
      };
    },
  });
  const release = hold();
  await clock.advance(minute);
  harness.scheduler.stop();
  const drained = harness.engine.drain(minute);
  await clock.advance(0);
  release();
  await clock.advance(0);
  await drained;
  expect(startedAtClose).toBe(1);
  expect(await harness.records()).toMatchObject([{ state: 'succeeded', attempt: 1 }]);
});

/** A ledger whose commits can be kept waiting. */
function holdingBackend(clock: VirtualClock) {
  const memory = openMemoryBackend({ clock });
  let gate = Promise.resolve();
  const backend: Backend = Object.create(memory, {
    commit: {
      value: async (changes: Parameters<Backend['commit']>[0]) => {
        await gate;
        return memory.commit(changes);
      },
    },
  });
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { backend, hold };
}
