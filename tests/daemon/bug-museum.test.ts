import { expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { JobsdError } from '../../src/errors.ts';
import { aJob, type JobSpec, startHarness } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

// Faults that other schedulers had in front of their users, each kept here as a test that would
// show it. One line each says what went wrong elsewhere.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Harness = Awaited<ReturnType<typeof startHarness>>;

/** The process is killed and started again on the same ledger, after `downMs`. */
async function restart(
  harness: Harness,
  jobs: Parameters<typeof startHarness>[0]['jobs'],
  downMs = 0,
) {
  const { clock, backend } = harness;
  harness.kill();
  await clock.advance(downMs);
  return startHarness({ now: '', jobs, clock, backend });
}

/** All attempts that were started, over these lives of the daemon. */
const startedIds = (...lives: Harness[]) =>
  [...new Set(lives)].flatMap(({ executor }) => executor.started.map(({ id }) => id));

// Kubernetes CronJob, Kestra and Airflow counted the new schedule from the last run of the old one,
// so that saving an edit started a run there and then.
test.each([
  ['a time of day that is past', { type: 'cron', cron: '15 * * * *' }, '01:15:00'],
  ['a cron that fires oftener', { type: 'cron', cron: '*/10 * * * *' }, '00:40:00'],
  ['a shorter interval', { type: 'interval', every: '10m' }, '00:40:00'],
  [
    'an interval with a start',
    { type: 'interval', every: '2h', start: '2030-01-01T00:20:00Z' },
    '02:20:00',
  ],
  [
    'a list of times',
    { type: 'cron', cron: ['0 0 * * *', '29 0 * * *', '45 0 * * *'] },
    '00:45:00',
  ],
  ['another time zone', { type: 'cron', cron: '0 * * * *', timezone: 'Asia/Kolkata' }, '01:30:00'],
] as const)('an edit to %s fires nothing before its next time', async (_, schedule, next) => {
  for (const isDownMeanwhile of [false, true]) {
    const before = [aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, catchUp: catchUpAll })];
    const after = [aJob({ schedule, catchUp: catchUpAll })];
    const now = '2029-12-31T23:30:00Z';
    const first = await startHarness({ now, jobs: before });
    await first.clock.advanceTo('2030-01-01T00:30:00Z');
    const firedBefore = first.fired().length;
    const second = isDownMeanwhile ? await restart(first, after) : first;
    if (!isDownMeanwhile) await first.reload(after);
    await first.clock.advance(2 * hour);
    const [firstFired] = second.fired().slice(isDownMeanwhile ? 0 : firedBefore);
    expect([firedBefore, firstFired]).toEqual([1, `2030-01-01T${next}.000Z`]);
  }
});

const catchUpAll = { mode: 'all', limit: 100 } as const;

// Zato 4 kept the count of repeats in memory: each restart gave a job all of them again.
test('five restarts do not give a job more repeats than it has', async () => {
  const jobs = [aJob({ schedule: { type: 'interval', every: '1m', repeats: 4 } })];
  let life = await startHarness({ now: '2030-01-01T00:00:00Z', jobs });
  const fired: string[] = [];
  for (let restarts = 0; restarts < 5; restarts++) {
    await life.clock.advance(1.5 * minute);
    fired.push(...life.fired());
    life = await restart(life, jobs);
  }
  await life.clock.advance(day);
  fired.push(...life.fired());
  expect(fired).toEqual([1, 2, 3, 4].map((n) => `2030-01-01T00:0${n}:00.000Z`));
});

// Zato 4 started a one-time job again at each restart after it had run.
test('a one-time job runs once, over restarts, pruned history and being taken out and put back', async () => {
  const cutover = aJob({ schedule: { type: 'one-time', at: '2030-01-01T01:00:00Z' } });
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs: [cutover] });
  await first.clock.advance(2 * hour);
  expect(first.fired()).toEqual(['2030-01-01T01:00:00.000Z']);
  await first.backend.prune({ before: first.clock.now(), keep: 0, limit: 100 });
  const second = await restart(first, [cutover], hour);
  await second.clock.advance(hour);
  await second.reload([]);
  await second.clock.advance(hour);
  await second.reload([cutover]);
  await second.clock.advance(hour);
  const third = await restart(second, [cutover]);
  await third.clock.advance(day);
  expect([...second.fired(), ...third.fired()]).toEqual([]);
});

// Kubernetes CronJob gave up on a job that had missed more than 100 start times, for good.
test.each([
  ['none', []],
  ['latest', ['2030-01-08T00:00:00.000Z']],
  ['all', ['2030-01-07T23:58:00.000Z', '2030-01-07T23:59:00.000Z', '2030-01-08T00:00:00.000Z']],
] as const)('a week of missed minutes stops no job (catch-up %s)', async (mode, caughtUp) => {
  const schedule = { type: 'cron', cron: '* * * * *' } as const;
  const jobs = [aJob({ schedule, catchUp: { mode, limit: 3 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs });
  const second = await restart(first, jobs, 7 * day);
  await second.clock.advance(2 * minute);
  expect(second.fired()).toEqual([
    ...caughtUp,
    '2030-01-08T00:01:00.000Z',
    '2030-01-08T00:02:00.000Z',
  ]);
  const missed = (await second.records()).filter(({ state }) => state === 'missed');
  expect(missed.map(({ count }) => count)).toEqual([7 * 24 * 60 - caughtUp.length]);
});

/** Ten minutes in which nobody fires, from 00:00:30 on, by each way in which that can happen. */
const gaps: Record<
  string,
  (harness: Harness, jobs: readonly ReturnType<typeof aJob>[]) => Promise<Harness>
> = {
  'a crash': (harness, jobs) => restart(harness, jobs, 10 * minute),
  'a suspended machine': async (harness) => {
    harness.clock.jump(10 * minute);
    await harness.clock.advance(minute / 2);
    return harness;
  },
  'a process that was stopped': async (harness) => {
    await harness.clock.stall(10 * minute);
    return harness;
  },
};

// Kestra caught up missed schedules when it had been down, and by another rule when it had not.
test.each(['none', 'latest', 'all'] as const)(
  'a gap is caught up by one rule, whatever made it (catch-up %s)',
  async (mode) => {
    const schedule = { type: 'cron', cron: '* * * * *' } as const;
    const jobs = [aJob({ schedule, catchUp: { mode, limit: 4 } })];
    const found = [];
    for (const makeGap of Object.values(gaps)) {
      const harness = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
      const after = await makeGap(harness, jobs);
      await after.clock.advanceTo('2030-01-01T00:12:30Z');
      const records = await after.records();
      found.push(
        records.map(({ id, state, reason, trigger, count }) => ({
          id,
          state,
          reason,
          trigger,
          count,
        })),
      );
    }
    const [byCrash, bySuspend, byStop] = found;
    expect(bySuspend).toEqual(byCrash);
    expect(byStop).toEqual(byCrash);
    const caughtUp = byCrash?.filter(
      ({ trigger, state }) => trigger === 'catch-up' && state === 'succeeded',
    );
    expect(caughtUp).toHaveLength({ none: 0, latest: 1, all: 4 }[mode]);
  },
);

// Zato 4: the result of a run that had been given up was written over its timeout, and the slot it
// freed was that of a newer run.
test('a late result changes no record and frees no newer run', async () => {
  const { clock, executor, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [aJob({ schedule: { type: 'cron', cron: '* * * * *' }, overlap: 'skip' })],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const late = () =>
    executor.onEnded([{ id: first, attempt: 1, outcome: 'succeeded', result: '1' }]);
  const first = 'job@20300101T000100Z';
  await clock.advance(minute);
  executor.end(first, { outcome: 'timed-out' });
  late();
  await clock.advance(minute);
  late();
  await clock.advance(minute);
  expect((await records()).map(({ id, state, result }) => [id, state, result])).toEqual([
    [first, 'timed-out', undefined],
    ['job@20300101T000200Z', 'running', undefined],
    // The one of 00:02 still holds its place.
    ['job@20300101T000300Z', 'skipped', undefined],
  ]);
});

test('a late result of one attempt does not end the next attempt of the same run', async () => {
  const retry = {
    attempts: 2,
    delayMs: 0,
    backoff: 'constant',
    maxDelayMs: 0,
    onLost: true,
  } as const;
  const { clock, executor, records } = await startHarness({
    now: '2030-01-01T00:59:30Z',
    jobs: [aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, retry })],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const id = 'job@20300101T010000Z';
  await clock.advance(minute);
  executor.end(id, { outcome: 'timed-out' });
  await clock.advance(1000);
  executor.onEnded([{ id, attempt: 1, outcome: 'succeeded' }]);
  await clock.advance(1000);
  expect(await records()).toMatchObject([{ id, state: 'running', attempt: 2 }]);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(1000);
  expect(await records()).toMatchObject([{ id, state: 'failed', attempt: 2 }]);
});

// BullMQ's repeatable jobs and django-celery-beat live on in their store when the code that made them
// is gone: a deleted job went on firing until somebody cleared the store by hand.
test.each(['a reload', 'a restart'])('a deleted job never fires again, after %s', async (way) => {
  const every = aJob({ schedule: { type: 'interval', every: '1m' }, catchUp: catchUpAll });
  const other = aJob({ name: 'other', schedule: { type: 'cron', cron: '0 * * * *' } });
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs: [every, other] });
  await first.clock.advance(2 * minute);
  const firedBefore = startedIds(first).length;
  const second = way === 'a restart' ? await restart(first, [other], 5 * minute) : first;
  if (way === 'a reload') await first.reload([other]);
  await second.clock.advance(hour);
  const third = await restart(second, [other], hour);
  await third.clock.advance(hour);
  const after = startedIds(first, second, third).slice(firedBefore);
  expect(after.filter((id) => id.startsWith('job@'))).toEqual([]);
  expect((await third.backend.jobStates()).map(({ job }) => job)).toEqual(['other']);
  // Its history stays.
  expect((await third.records()).filter(({ job }) => job === 'job')).toHaveLength(firedBefore);
});

// BullMQ and Agenda key what repeats by its name: a renamed job left its old self firing beside it.
test.each(['a reload', 'a restart'])(
  'a renamed job leaves no twin behind, after %s',
  async (way) => {
    const spec: JobSpec = { schedule: { type: 'interval', every: '1m', repeats: 6 } };
    const before = aJob({ ...spec, name: 'old', catchUp: catchUpAll });
    const after = aJob({ ...spec, name: 'new', renamedFrom: 'old', catchUp: catchUpAll });
    const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs: [before] });
    await first.clock.advance(2.5 * minute);
    const second = way === 'a restart' ? await restart(first, [after], minute) : first;
    if (way === 'a reload') await first.reload([after]);
    await second.clock.advance(minute);
    const third = await restart(second, [after]);
    await third.clock.advance(hour);
    const all = new Set([...startedIds(first), ...startedIds(second), ...startedIds(third)]);
    expect([...all]).toEqual([
      'old@20300101T000100Z',
      'old@20300101T000200Z',
      'new@20300101T000300Z',
      'new@20300101T000400Z',
      'new@20300101T000500Z',
      'new@20300101T000600Z',
    ]);
  },
);

// The path that is forgotten most easily: the scheduler was up all the time, its store was not.
test('what is due while the ledger cannot be written fires nothing, and is caught up by the same rule', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:30Z');
  const { backend, fail } = failingBackend(clock);
  const schedule = { type: 'cron', cron: '* * * * *' } as const;
  const jobs = [aJob({ schedule, catchUp: { mode: 'all', limit: 100 } })];
  const harness = await startHarness({ now: '', jobs, clock, backend });
  fail(true);
  await clock.advance(10 * minute);
  expect(harness.fired()).toEqual([]);
  fail(false);
  await clock.advance(2 * minute);
  expect(harness.fired()).toHaveLength(12);
  const states = (await harness.records()).map(({ id, state }) => [id, state]);
  expect(states).toHaveLength(12);
  expect(new Set(states.map(([, state]) => state))).toEqual(new Set(['succeeded']));
});

function failingBackend(clock: VirtualClock) {
  const memory = openMemoryBackend({ clock });
  let isFailing = false;
  const backend: Backend = Object.create(memory, {
    commit: {
      value: async (changes: Parameters<Backend['commit']>[0]) => {
        if (isFailing) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE');
        return memory.commit(changes);
      },
    },
  });
  const fail = (value: boolean) => {
    isFailing = value;
  };
  return { backend, fail };
}
