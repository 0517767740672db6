import { expect, test } from 'vitest';
import type { Backend, Change } from '../../src/backend/backend.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
/** A ledger on a disk that takes its time: while it reads, timers go off, and commits pile up. */
function slowly(
  backend: Backend,
  clock: VirtualClock,
  onChange: (change: Change) => void = () => {},
): Backend {
  const slow: Partial<Backend> = {
    async definition(key) {
      await clock.advance(1);
      return backend.definition(key);
    },
    async jobStates() {
      await clock.advance(1);
      return backend.jobStates();
    },
    async commit(changes) {
      for (const change of changes) onChange(change);
      await new Promise<void>((resolve) => clock.after(5, resolve));
      return backend.commit(changes);
    },
  };
  return new Proxy(backend, {
    get(target, name: keyof Backend) {
      const value = slow[name] ?? target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const retry = {
  attempts: 3,
  delayMs: 10_000,
  backoff: 'constant',
  maxDelayMs: minute,
  onLost: true,
} as const;

test('queue-latest keeps only the newest of what is caught up in one step', async () => {
  const jobs = [
    aJob({
      schedule: { type: 'cron', cron: '* * * * *' },
      overlap: 'queue-latest',
      catchUp: { mode: 'all', limit: 100 },
    }),
  ];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  first.kill();
  await first.clock.advance(5 * minute);
  const second = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: first.backend,
    prepare: (executor) => {
      executor.runsForMs = 30_000;
    },
  });
  await first.clock.advance(0);
  expect((await second.records()).map(({ state }) => state)).toEqual([
    'running',
    'skipped',
    'skipped',
    'skipped',
    'waiting',
  ]);
});

test('a retry that is due at once waits until all who were under way are back in their places', async () => {
  const jobs = ['a', 'b'].map((name) =>
    aJob({ name, schedule: { type: 'cron', cron: '* * * * *' }, retry }),
  );
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.runsForMs = undefined;
    },
  });
  await first.clock.advance(minute);
  first.kill();
  const states: string[] = [];
  const backend = slowly(first.backend, first.clock, (change) => {
    if (change.kind === 'update') states.push(`${change.id[0]} ${change.fields.state}`);
  });
  const second = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend,
  });
  await first.clock.advance(1000);
  expect(second.executor.started.map(({ attempt }) => attempt)).toEqual([2, 2]);
  expect(states.slice(0, 4)).toEqual(['a retrying', 'b retrying', 'a running', 'b running']);
});

test('a retry planned by a clock that was days ahead comes after its delay, not after days', async () => {
  const jobs = [aJob({ schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' }, retry })];
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.outcome = 'failed';
    },
  });
  await first.clock.advance(31_000);
  first.kill();
  first.clock.jump(-3 * 24 * 60 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(minute);
  expect(second.executor.started).toMatchObject([{ attempt: 2 }]);
});

test('a pause over a time that ran before the clock was set back leaves its run as it is', async () => {
  const jobs = [aJob({ schedule: { type: 'cron', cron: '0 * * * *' } })];
  const first = await startHarness({ now: '2030-01-01T04:59:00Z', jobs });
  await first.clock.advance(2 * minute);
  first.kill();
  first.clock.jump(-3 * 60 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(150 * minute);
  second.scheduler.setPaused({ kind: 'job', name: 'job' }, { at: first.clock.now() });
  await first.clock.advance(180 * minute);
  const records = await second.records();
  expect(records.map(({ id, state, count }) => [id, state, count])).toEqual([
    ['job@20300101T050000Z', 'succeeded', undefined],
    ['job@20300101T030000Z', 'succeeded', undefined],
    ['job@20300101T040000Z', 'succeeded', undefined],
    ['job@20300101T060000Z', 'skipped', 2],
  ]);
});

test('a reload right after the clock jumped ahead fires nothing that was jumped over as on time', async () => {
  const jobs = [
    aJob({ schedule: { type: 'cron', cron: '* * * * *' }, catchUp: { mode: 'none', limit: 1 } }),
  ];
  const { clock, executor, reload, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
  });
  clock.jump(60 * minute);
  await reload([...jobs, aJob({ name: 'other', schedule: { type: 'manual' } })]);
  await clock.advance(0);
  expect(executor.started).toEqual([]);
  expect(await records()).toMatchObject([{ state: 'missed', count: 60 }]);
});

test('more repeats for a job that has had all of them do not bring back its past', async () => {
  const hourly = (repeats: number) =>
    aJob({ schedule: { type: 'interval', every: '1h', repeats } });
  const { clock, fired, reload, records } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [hourly(2)],
  });
  await clock.advance(5.5 * 60 * minute);
  await reload([hourly(3)]);
  await clock.advance(3 * 60 * minute);
  expect(fired().map((at) => at.slice(11, 16))).toEqual(['01:00', '02:00', '06:00']);
  expect(await records()).toHaveLength(3);
  await reload([{ ...hourly(4), name: 'renamed', renamedFrom: 'job' }]);
  await clock.advance(60 * minute);
  expect(fired().map((at) => at.slice(11, 16))).toEqual(['01:00', '02:00', '06:00', '09:00']);
});

test('a clock set right while the daemon was down does not leave it waiting for days', async () => {
  const jobs = [aJob({ schedule: { type: 'cron', cron: '0 * * * *' } })];
  const first = await startHarness({ now: '2030-01-05T00:30:00Z', jobs });
  await first.clock.advance(60 * minute);
  first.kill();
  first.clock.jump(-4 * 24 * 60 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(60 * minute);
  expect(second.fired()).toEqual(['2030-01-01T02:00:00.000Z']);
});

test('times missed after the clock was set back are on record, although the first of them ran before', async () => {
  const jobs = [
    aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, catchUp: { mode: 'none', limit: 1 } }),
  ];
  const first = await startHarness({ now: '2030-01-01T04:59:00Z', jobs });
  await first.clock.advance(2 * minute);
  first.clock.jump(-90 * minute);
  await first.clock.advance(minute);
  first.kill();
  await first.clock.advance(4 * 60 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(minute);
  const records = await second.records();
  expect(records.map(({ id, state, count }) => [id, state, count])).toEqual([
    ['job@20300101T050000Z', 'succeeded', undefined],
    ['job@20300101T040000Z', 'missed', 4],
  ]);
  second.kill();
  first.clock.jump(-4 * 60 * minute);
  await first.clock.advance(30 * minute);
  const third = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(minute);
  third.kill();
  await first.clock.advance(5 * 60 * minute);
  const fourth = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(minute);
  const covered = new Set((await fourth.records()).map(({ lastNominalAt }) => lastNominalAt));
  expect(covered).toContain(Date.parse('2030-01-01T09:00:00Z'));
});

test('a retry is started although a stretch under the name of its run was dropped beside it', async () => {
  const jobs = ['a', 'b', 'job'].map((name) =>
    aJob({
      name,
      schedule: { type: 'cron', cron: '0 * * * *' },
      catchUp: { mode: 'none', limit: 1 },
      retry: { ...retry, attempts: 9 },
    }),
  );
  const forEver = (executor: { runsForMs: number | undefined }) => {
    executor.runsForMs = undefined;
  };
  const first = await startHarness({ now: '2030-01-01T04:59:00Z', jobs, prepare: forEver });
  const { clock, backend } = first;
  await clock.advance(2 * minute);
  first.kill();
  clock.jump(-90 * minute);
  const second = await startHarness({ now: '', jobs, clock, backend, prepare: forEver });
  await clock.advance(40 * minute);
  second.kill();
  await clock.advance(60 * minute);
  const slow = slowly(backend, clock);
  const third = await startHarness({ now: '', jobs, clock, backend: slow, prepare: forEver });
  await clock.advance(1000);
  const started = third.executor.started.filter(({ id }) => id.endsWith('T050000Z'));
  expect(started.map(({ job, attempt }) => [job?.name, attempt])).toEqual([
    ['a', 3],
    ['b', 3],
    ['job', 3],
  ]);
});

test.each([
  ['queue', ['running', 'waiting', 'waiting', 'waiting']],
  ['queue-latest', ['running', 'skipped', 'skipped', 'waiting']],
] as const)(
  'with %s a time that comes for the first time waits its turn behind those that come again',
  async (overlap, states) => {
    const job = aJob({
      schedule: { type: 'cron', cron: '0 * * * *' },
      overlap,
      catchUp: { mode: 'all', limit: 100 },
    });
    const { clock, executor, fired, records } = await startHarness({
      now: '2030-01-01T05:30:30Z',
      jobs: [job],
    });
    executor.runsForMs = undefined;
    clock.jump(-3 * 60 * minute);
    await clock.advance(minute);
    clock.jump(4 * 60 * minute);
    await clock.advance(minute);
    expect(fired()).toEqual(['2030-01-01T03:00:00.000Z']);
    expect((await records()).map(({ state }) => state)).toEqual(states);
  },
);
