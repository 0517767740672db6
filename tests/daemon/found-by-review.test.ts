import { expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import type { GroupDefinition } from '../../src/config/snapshot.ts';
import { Backfill } from '../../src/daemon/backfill.ts';
import { closeEngine } from '../../src/daemon/close-engine.ts';
import { Journal } from '../../src/daemon/journal.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import { JobsdError } from '../../src/errors.ts';
import { aJob, aSnapshot, startHarness } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const hourly = (more = {}) => aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, ...more });
const manual = (name: string, more = {}) => aJob({ name, schedule: { type: 'manual' }, ...more });
const fewRetries = {
  attempts: 2,
  delayMs: 0,
  backoff: 'constant',
  maxDelayMs: day,
  onLost: true,
} as const;
const asked = { trigger: 'manual' } as const;

const group = (limits: Partial<GroupDefinition>) => {
  const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
  return new Map([['g', { name: 'g', place, ...limits }]]);
};

function fullDisk(clock: VirtualClock) {
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
  return { disk, backend };
}

test('a dead run that two ask to be tried again at once gets one more attempt', async () => {
  const { clock, engine, backend, executor } = await startHarness({
    now: '2030-01-01T00:59:00Z',
    jobs: [hourly()],
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await clock.advance(2 * minute);
  executor.outcome = 'succeeded';
  const id = 'job@20300101T010000Z';
  await Promise.allSettled([
    retryRun(engine, backend, id, { actor: 'one' }),
    retryRun(engine, backend, id, { actor: 'two' }),
  ]);
  await clock.advance(minute);
  expect(executor.started.map((request) => request.attempt)).toEqual([1, 2]);
  expect(await engine.run(id)).toMatchObject({ state: 'succeeded', attempt: 2 });
  expect(engine.dispatcher.waitingCount).toBe(0);
});

test('a backfill that two ask for at once makes one run, and that run ends', async () => {
  const { clock, engine, backend, executor } = await startHarness({
    now: '2030-01-01T02:30:00Z',
    jobs: [hourly()],
    prepare: (prepared) => {
      prepared.runsForMs = minute;
    },
  });
  const backfill = new Backfill({ engine, backend, clock, anchorOf: () => 0 });
  const nominal = '2030-01-01T02:00:00Z';
  const both = [backfill.run(hourly(), { nominal }), backfill.run(hourly(), { nominal })];
  const [one, two] = await Promise.all(both);
  expect(two?.id).toBe(one?.id);
  await clock.advance(2 * minute);
  expect(executor.started).toHaveLength(1);
  expect(await engine.run(one?.id ?? '')).toMatchObject({ state: 'succeeded' });
  expect(engine.dispatcher.runningCount).toBe(0);
});

test('a reaction still under way comes to its end although its cause fails once more', async () => {
  const jobs = [
    manual('work', { service: 'work', on: { failure: { job: 'alarm' } } }),
    manual('alarm', { service: 'alarm' }),
  ];
  const harness = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs,
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const { clock, engine, backend, executor } = harness;
  const { id } = await engine.runJob('work', asked);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  await retryRun(engine, backend, id, {});
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  for (const alarm of [`alarm@failure-of-${id}`, `alarm@failure-of-${id}-attempt-2`]) {
    executor.end(alarm);
    await clock.advance(0);
    expect(await engine.run(alarm)).toMatchObject({ state: 'succeeded' });
  }
  expect(engine.dispatcher.runningCount).toBe(0);
});

test('a wait of a fraction of a millisecond, as a service may ask for, does not stop the ledger', async () => {
  const retry = fewRetries;
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [manual('work', { retry })],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const { id } = await engine.runJob('work', asked);
  executor.end(id, { outcome: 'failed', retry: { afterMs: 1500.5 } });
  await clock.advance(0);
  expect(engine.journal.trouble).toBeUndefined();
  await clock.advance(1500);
  expect(await engine.run(id)).toMatchObject({ state: 'retrying', attempt: 1 });
  await clock.advance(1);
  expect(await engine.run(id)).toMatchObject({ state: 'running', attempt: 2 });
});

test('a reload that widens the limits of a group lets start at once what they held back', async () => {
  const jobs = [manual('work', { group: 'g' })];
  for (const narrow of [{ maxRunning: 1 }, { rate: { count: 1, perMs: day } }]) {
    const { clock, engine, executor } = await startHarness({
      now: '2030-01-01T00:00:00Z',
      jobs,
      prepare: (prepared) => {
        prepared.runsForMs = undefined;
      },
    });
    engine.use({ ...aSnapshot(jobs), groups: group(narrow) });
    for (let run = 0; run < 3; run++) await engine.runJob('work', asked);
    await clock.advance(minute);
    expect(executor.started).toHaveLength(1);
    engine.use({ ...aSnapshot(jobs), groups: group({ maxRunning: 3 }) });
    await clock.advance(0);
    expect(executor.started).toHaveLength(3);
    expect(engine.dispatcher.waitingCount).toBe(0);
  }
});

test('a clock set back by hours holds up a group with a rate for no longer than its window', async () => {
  const jobs = [manual('work', { group: 'g' })];
  const { clock, engine, executor } = await startHarness({ now: '2030-01-01T12:00:00Z', jobs });
  engine.use({ ...aSnapshot(jobs), groups: group({ rate: { count: 1, perMs: minute } }) });
  await engine.runJob('work', asked);
  clock.jump(-3 * hour);
  await engine.runJob('work', asked);
  await engine.runJob('work', asked);
  await clock.advance(minute);
  expect(executor.started).toHaveLength(2);
  await clock.advance(minute);
  expect(executor.started).toHaveLength(3);
});

test('a command ends although the ledger cannot be written any more', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const { disk, backend } = fullDisk(clock);
  const { engine } = await startHarness({ now: '', clock, backend, jobs: [manual('work')] });
  disk.isFull = true;
  const refused = expect(engine.runJob('work', asked)).rejects.toThrow(JobsdError);
  await clock.advance(0);
  expect(engine.journal.troubled).toBe(true);
  const closed = closeEngine(engine, clock);
  await clock.advance(1000);
  await closed;
  await refused;
});

test('a run refused while the disk is full does not leave later runs without their definition', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const { disk, backend } = fullDisk(clock);
  const jobs = [
    manual('work'),
    aJob({ name: 'other', schedule: { type: 'cron', cron: '* * * * *' } }),
  ];
  const { engine } = await startHarness({ now: '', clock, backend, jobs });
  disk.isFull = true;
  await clock.advance(2 * minute);
  await expect(engine.runJob('work', asked)).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
  });
  disk.isFull = false;
  await clock.advance(minute);
  const run = await engine.runJob('work', asked);
  expect(await backend.definition(run.definition ?? '')).toMatchObject({ timeoutMs: 3_600_000 });
});

test('a journal that was closed while it wrote keeps nobody waiting', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const memory = openMemoryBackend({ clock });
  const backend = Object.create(memory, {
    commit: { value: () => new Promise(() => {}) },
  });
  const events = { troubled() {}, recovered() {} };
  const journal = new Journal({ backend, clock, events });
  journal.write([{ kind: 'forget-job', job: 'none' }]);
  await clock.advance(0);
  journal.close();
  await journal.idle();
  await journal.durable();
});

test('a retry whose delay is longer than a timer can be is not tried before its time', async () => {
  const retry = {
    attempts: 2,
    delayMs: 40 * day,
    backoff: 'constant',
    maxDelayMs: 60 * day,
    onLost: true,
  };
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [manual('work', { retry })],
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  const after = clock.after.bind(clock);
  // As a timer of Node does: what does not fit into 32 bits goes off at once.
  clock.after = (delayMs, callback) => after(delayMs > 2 ** 31 - 1 ? 1 : delayMs, callback);
  await engine.runJob('work', asked);
  await clock.advance(39 * day);
  expect(executor.started).toHaveLength(1);
  await clock.advance(2 * day);
  expect(executor.started).toHaveLength(2);
});

test('a service that invokes another one gives up its place while it waits, and takes it back', async () => {
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [manual('outer', { service: 'outer' }), manual('inner', { service: 'inner' })],
    hostCapacity: 1,
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const outer = await engine.runJob('outer', asked);
  const takeBack = engine.dispatcher.lendPlace(outer.id);
  const inner = await engine.runJob('inner', asked);
  expect(executor.started.map((request) => request.service)).toEqual(['outer', 'inner']);
  executor.end(inner.id);
  takeBack();
  takeBack();
  const next = await engine.runJob('inner', asked);
  expect((await engine.run(next.id)).state).toBe('waiting');
  const takeBackLate = engine.dispatcher.lendPlace(outer.id);
  await clock.advance(0);
  expect((await engine.run(next.id)).state).toBe('running');
  // It ends, by its timeout say, while it has lent its place.
  executor.end(outer.id, { outcome: 'timed-out' });
  takeBackLate();
  await clock.advance(0);
  const last = await engine.runJob('inner', asked);
  expect((await engine.run(last.id)).state).toBe('waiting');
  executor.end(next.id);
  await clock.advance(0);
  expect((await engine.run(last.id)).state).toBe('running');
});

test('a renamed job does not start beside its run of the old name, before or after a restart', async () => {
  const overlap = 'skip';
  const under = (name: string, more = {}) =>
    hourly({ name, overlap, retry: { ...fewRetries, delayMs: day, maxDelayMs: day }, ...more });
  const { clock, backend, executor, reload, records, kill } = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [under('old')],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  await clock.advance(hour);
  await reload([under('new', { renamedFrom: 'old' })]);
  await clock.advance(hour);
  executor.end('old@20300101T010000Z', { outcome: 'failed' });
  await clock.advance(0);
  kill();
  const second = await startHarness({
    now: '',
    clock,
    backend,
    jobs: [under('new', { renamedFrom: 'old' })],
  });
  await clock.advance(hour);
  expect((await records()).map((run) => [run.id, run.job, run.state])).toEqual([
    ['old@20300101T010000Z', 'new', 'retrying'],
    ['new@20300101T020000Z', 'new', 'skipped'],
    ['new@20300101T030000Z', 'new', 'skipped'],
  ]);
  expect(second.engine.dispatcher.runningCount).toBe(1);
});

test('a job renamed while no daemon runs does not start beside its run of the old name', async () => {
  const under = (name: string, more = {}) => hourly({ name, overlap: 'skip', ...more });
  const retry = { ...fewRetries, delayMs: day, maxDelayMs: day };
  const first = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [under('old', { retry })],
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await first.clock.advance(hour);
  first.kill();
  const second = await startHarness({
    now: '',
    clock: first.clock,
    backend: first.backend,
    jobs: [under('new', { renamedFrom: 'old' })],
  });
  await second.clock.advance(hour);
  expect((await second.records()).map((run) => [run.id, run.job, run.state])).toEqual([
    ['old@20300101T010000Z', 'new', 'retrying'],
    ['new@20300101T020000Z', 'new', 'skipped'],
  ]);
});

test('what waits for a run of a renamed job starts when that ends', async () => {
  const under = (name: string, more = {}) => hourly({ name, overlap: 'queue', ...more });
  const { clock, executor, reload, records } = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [under('old')],
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  await clock.advance(2 * hour);
  await reload([under('new', { renamedFrom: 'old' })]);
  executor.runsForMs = minute;
  executor.end('old@20300101T010000Z');
  await clock.advance(hour);
  expect((await records()).map((run) => [run.id, run.state])).toEqual([
    ['old@20300101T010000Z', 'succeeded'],
    ['old@20300101T020000Z', 'succeeded'],
    ['new@20300101T030000Z', 'succeeded'],
  ]);
});

test('a service that was asked for keeps its timeout and its own name over a restart', async () => {
  const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
  const sync = { name: 'sync', module: 'services/sync.ts', export: 'default', place };
  const services = new Map([['sync', { ...sync, maxRunning: 1, timeoutMs: 5000 }]]);
  const jobs = [
    aJob({
      name: 'sync',
      service: 'other',
      overlap: 'skip',
      schedule: { type: 'cron', cron: '* * * * *' },
    }),
  ];
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    snapshot: { services },
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  await first.engine.invoke('sync', { trigger: 'api' });
  const waiting = await first.engine.invoke('sync', { trigger: 'api' });
  first.kill();
  const { clock, executor } = await startHarness({
    now: '',
    jobs,
    snapshot: { services },
    clock: first.clock,
    backend: first.backend,
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  await clock.advance(minute);
  expect(executor.started[0]).toMatchObject({ id: waiting.id, timeoutMs: 5000 });
  expect(executor.started[1]).toMatchObject({ id: 'sync@20300101T000100Z' });
});

test('a restart reads each definition once, however many runs wait', async () => {
  const jobs = [manual('work', { overlap: 'queue' })];
  const prepare = (prepared: { runsForMs: number | undefined }) => {
    prepared.runsForMs = undefined;
  };
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs, prepare });
  for (let run = 0; run < 20; run++) await first.engine.runJob('work', asked);
  first.kill();
  const read: string[] = [];
  const backend: Backend = Object.create(first.backend, {
    definition: {
      value: (key: string) => {
        read.push(key);
        return first.backend.definition(key);
      },
    },
  });
  const second = await startHarness({ now: '', clock: first.clock, backend, jobs, prepare });
  expect(second.engine.dispatcher.waitingCount).toBe(19);
  expect(read).toHaveLength(1);
});

test('a retry that a rate holds back starts as soon as a reload lifts that rate', async () => {
  const jobs = [manual('work', { group: 'g', retry: { ...fewRetries, delayMs: 1000 } })];
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs,
    snapshot: { groups: group({ rate: { count: 1, perMs: day } }) },
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await engine.runJob('work', asked);
  await clock.advance(minute);
  expect(executor.started).toHaveLength(1);
  engine.use({ ...aSnapshot(jobs), groups: group({ rate: { count: 2, perMs: day } }) });
  await clock.advance(0);
  expect(executor.started).toHaveLength(2);
});

test('new runs that come as fast as a rate lets them start do not starve retries', async () => {
  const schedule = { type: 'interval', every: '1s' } as const;
  const jobs = [aJob({ group: 'g', schedule, retry: { ...fewRetries, delayMs: 500 } })];
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs,
    snapshot: { groups: group({ rate: { count: 1, perMs: 1000 } }) },
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await clock.advance(20_000);
  const retried = executor.started.filter((request) => request.attempt === 2);
  expect(retried.length).toBeGreaterThanOrEqual(9);
  expect([...engine.dispatcher.active.all()].length).toBeLessThan(3);
});

test('of what is due at one instant the highest priority gets the places that are free', async () => {
  const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
  const busy = { name: 'service', module: 'services/busy.ts', export: 'default', place };
  const schedule = { type: 'one-time', at: '2030-01-01T00:00:01Z' } as const;
  const { clock, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [0, 5, -1, 9].map((priority) => aJob({ name: `of-${priority}`, priority, schedule })),
    snapshot: { services: new Map([['service', { ...busy, maxRunning: 1 }]]) },
  });
  await clock.advance(2000);
  expect(executor.started.map(({ job }) => job?.name)).toEqual(['of-9', 'of-5', 'of-0', 'of--1']);
});

test('what a run sets off at its end comes after those who wait for the same place', async () => {
  const jobs = [
    manual('first', { on: { failure: { job: 'reaction' } } }),
    manual('waiting'),
    manual('reaction'),
  ];
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs,
    hostCapacity: 1,
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const { id } = await engine.runJob('first', asked);
  const next = await engine.runJob('waiting', asked);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  expect([...executor.underWay.keys()]).toEqual([next.id]);
  executor.end(next.id);
  await clock.advance(0);
  expect([...executor.underWay.keys()]).toEqual([`reaction@failure-of-${id}`]);
});

test('the next of a job starts when the one before it is cancelled while a group holds that up', async () => {
  const queued = (more = {}) => [manual('work', { overlap: 'queue', ...more })];
  const { clock, engine, executor, reloadSnapshot } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: queued({ group: 'g' }),
    snapshot: { groups: group({ rate: { count: 1, perMs: day } }) },
    prepare: (prepared) => {
      prepared.runsForMs = undefined;
    },
  });
  const first = await engine.runJob('work', asked);
  const held = await engine.runJob('work', asked);
  await reloadSnapshot({
    ...aSnapshot(queued()),
    revision: 'without a group',
    groups: group({ rate: { count: 1, perMs: day } }),
  });
  const free = await engine.runJob('work', asked);
  executor.end(first.id);
  await clock.advance(minute);
  expect([...executor.underWay.keys()]).toEqual([]);
  engine.dispatcher.cancel(held.id, 'cancelled');
  await clock.advance(0);
  expect([...executor.underWay.keys()]).toEqual([free.id]);
});

test('what was due before a reload is on record under the revision that declared it', async () => {
  const everyMinute = (more = {}) =>
    aJob({ schedule: { type: 'cron', cron: '* * * * *' }, ...more });
  const { clock, engine, records, reload } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [everyMinute(), everyMinute({ name: 'removed' })],
  });
  const { revision } = engine.snapshot;
  clock.jump(minute);
  await reload([everyMinute({ enabled: false })]);
  expect(engine.snapshot.revision).not.toBe(revision);
  const found = (await records()).map((run) => [run.id, run.revision]);
  expect(found).toEqual([
    ['job@20300101T000100Z', revision],
    ['removed@20300101T000100Z', revision],
  ]);
});
