import { expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { PauseControl } from '../../src/daemon/pause-control.ts';
import { JobsdError } from '../../src/errors.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
const everyMinute = () => aJob({ schedule: { type: 'cron', cron: '* * * * *' } });
const unwritable = { code: 'JOBSD_BACKEND_UNWRITABLE' };

/** A ledger whose disk is full whenever the test says so. */
async function onSmallDisk() {
  const clock = new VirtualClock('2030-01-01T00:00:30Z');
  const memory = openMemoryBackend({ clock });
  const disk = { isFull: false };
  const backend: Backend = Object.create(memory, {
    commit: {
      value: async (changes: Parameters<Backend['commit']>[0]) => {
        if (disk.isFull) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'full');
        return memory.commit(changes);
      },
    },
  });
  const harness = await startHarness({ now: '', clock, backend, jobs: [everyMinute()] });
  const pauses = new PauseControl(harness.engine, harness.scheduler, clock);
  const pausedInLedger = async () => {
    const states = await memory.jobStates();
    return states.flatMap(({ job, paused }) => (paused === undefined ? [] : [job]));
  };
  return { ...harness, disk, pauses, pausedInLedger };
}

test.each(['job:job', 'all'])(
  'a pause of %s is refused while the ledger cannot be written, and has no effect',
  async (target) => {
    const { clock, disk, pauses, pausedInLedger, fired } = await onSmallDisk();
    disk.isFull = true;
    await clock.advance(minute);
    await expect(pauses.pause(target, {})).rejects.toMatchObject(unwritable);
    expect(pauses.list()).toEqual([]);
    disk.isFull = false;
    await clock.advance(minute);
    expect(await pausedInLedger()).toEqual([]);
    expect(fired().at(-1)).toBe('2030-01-01T00:02:00.000Z');
  },
);

test.each(['job:job', 'all'])(
  'a pause of %s that is the first to meet a full disk is taken back',
  async (target) => {
    const { clock, disk, pauses, pausedInLedger, fired, records } = await onSmallDisk();
    disk.isFull = true;
    const refused = expect(pauses.pause(target, {})).rejects.toMatchObject(unwritable);
    const second = expect(pauses.pause(target, { reason: 'again' })).rejects.toMatchObject(
      unwritable,
    );
    expect(pauses.list()).toHaveLength(1);
    await clock.advance(0);
    await refused;
    await second;
    expect(pauses.list()).toEqual([]);
    disk.isFull = false;
    await clock.advance(2 * minute);
    expect(await pausedInLedger()).toEqual([]);
    expect(fired()).toEqual(['2030-01-01T00:01:00.000Z', '2030-01-01T00:02:00.000Z']);
    expect((await records()).map((run) => run.state)).toEqual(['succeeded', 'succeeded']);
  },
);

test('a resume that meets a full disk leaves the pause as it was', async () => {
  const { clock, disk, pauses, pausedInLedger, fired } = await onSmallDisk();
  await pauses.pause('job:job', { reason: 'work' });
  disk.isFull = true;
  const refused = expect(pauses.resume('job:job')).rejects.toMatchObject(unwritable);
  await clock.advance(0);
  await refused;
  disk.isFull = false;
  await clock.advance(2 * minute);
  expect(pauses.list()).toMatchObject([{ target: 'job:job', reason: 'work' }]);
  expect(await pausedInLedger()).toEqual(['job']);
  expect(fired()).toEqual([]);
  await pauses.resume('job:job');
  expect(await pausedInLedger()).toEqual([]);
});

test.each([
  ['none', 'missed', 'schedule'],
  ['latest', 'succeeded', 'catch-up'],
] as const)(
  'what is due in the last seconds of a full disk is caught up by the rule: %s',
  async (mode, state, trigger) => {
    const { clock, disk, engine, records, reload } = await onSmallDisk();
    await reload([
      aJob({ schedule: { type: 'cron', cron: '* * * * *' }, catchUp: { mode, limit: 100 } }),
    ]);
    disk.isFull = true;
    const asked = expect(engine.runJob('job', { trigger: 'manual' })).rejects.toThrow();
    await clock.advance(33_000);
    await asked;
    disk.isFull = false;
    await clock.advance(1000);
    const ofSchedule = (await records()).filter((run) => run.trigger !== 'manual');
    expect(ofSchedule).toMatchObject([{ id: 'job@20300101T000100Z', state, trigger }]);
  },
);

test('what was due in an hour of a full disk does not come in a flood', async () => {
  const { clock, disk, engine, records, executor } = await onSmallDisk();
  disk.isFull = true;
  const asked = expect(engine.runJob('job', { trigger: 'manual' })).rejects.toThrow();
  await clock.advance(60 * minute);
  await asked;
  disk.isFull = false;
  await clock.advance(2000);
  const started = executor.started.filter(({ job }) => job?.nominalAt !== undefined);
  expect(started.map(({ id }) => id)).toEqual(['job@20300101T010000Z']);
  const missed = (await records()).filter((run) => run.state === 'missed');
  expect(missed).toMatchObject([{ reason: 'outage', count: 59 }]);
});

test('a run that is asked for as the disk fills is told at once that it is kept, and runs later', async () => {
  const { clock, disk, engine, executor } = await onSmallDisk();
  disk.isFull = true;
  const answer = engine.runJob('job', { trigger: 'manual' }).catch((error: JobsdError) => error);
  await clock.advance(0);
  const refused = (await answer) as JobsdError;
  expect(refused).toMatchObject(unwritable);
  const id = /"(job@manual-\w+)"/.exec(refused.message)?.[1] ?? '';
  expect(refused.message).toContain('is kept, and starts when');
  expect(executor.started).toEqual([]);
  disk.isFull = false;
  await clock.advance(1000);
  expect(await engine.run(id)).toMatchObject({ state: 'succeeded' });
});
