import { expect, test } from 'vitest';
import { Backfill } from '../../src/daemon/backfill.ts';
import { whyOf } from '../../src/daemon/daemon-control.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import { why } from '../../src/daemon/why.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const hourly = () => aJob({ schedule: { type: 'cron', cron: '0 * * * *' } });

async function afterAnOutage() {
  const first = await startHarness({ now: '2030-01-01T00:30:00Z', jobs: [hourly()] });
  await first.clock.advance(hour);
  first.kill();
  await first.clock.advance(3 * hour);
  const harness = await startHarness({
    now: '',
    jobs: [hourly()],
    clock: first.clock,
    backend: first.backend,
  });
  await harness.clock.advance(minute);
  return harness;
}

test('a dead run is tried again under its id, and no longer dead when that succeeds', async () => {
  const { clock, engine, backend, executor } = await startHarness({
    now: '2030-01-01T00:59:00Z',
    jobs: [hourly()],
    prepare: (prepared) => {
      prepared.outcome = 'failed';
    },
  });
  await clock.advance(2 * minute);
  const id = 'job@20300101T010000Z';
  expect((await engine.run(id)).state).toBe('failed');
  executor.outcome = 'succeeded';
  await retryRun(engine, backend, id, { actor: 'me' });
  await clock.advance(minute);
  expect(await engine.run(id)).toMatchObject({
    state: 'succeeded',
    attempt: 2,
    trigger: 'retry',
    actor: 'me',
  });
  expect((await engine.run(id)).error).toBeUndefined();
  await expect(retryRun(engine, backend, id, {})).rejects.toMatchObject({
    code: 'JOBSD_RUN_NOT_DEAD',
  });
});

test('a backfill leaves out what succeeded, and asking twice makes one run', async () => {
  const { clock, engine, backend, executor } = await afterAnOutage();
  const backfill = new Backfill({
    engine,
    backend,
    clock,

    anchorOf: () => 0,
  });
  const range = { from: '2030-01-01T00:00:00Z', to: '2030-01-01T04:30:00Z' };
  const plan = await backfill.plan(hourly(), range);
  expect(plan.map((step) => [step.nominal.slice(11, 16), step.plan])).toEqual([
    ['00:00', 'run'],
    ['01:00', 'succeeded'],
    ['02:00', 'run'],
    ['03:00', 'run'],
    ['04:00', 'succeeded'],
  ]);
  const startedBefore = executor.started.length;
  const nominal = '2030-01-01T02:00:00Z';
  const run = await backfill.run(hourly(), { nominal });
  await clock.advance(minute);
  const again = await backfill.run(hourly(), { nominal });
  expect(run).toMatchObject({ id: 'job@backfill-20300101T020000Z', trigger: 'backfill' });
  expect(again).toMatchObject({ id: run.id, state: 'succeeded' });
  expect(executor.started.length - startedBefore).toBe(1);
});

test('a forced backfill runs what has succeeded, and keeps both records', async () => {
  const { clock, engine, backend } = await afterAnOutage();
  const options = { engine, backend, clock, anchorOf: () => 0 };
  const backfill = new Backfill(options);
  const nominal = '2030-01-01T01:00:00Z';
  await backfill.run(hourly(), { nominal, force: true });
  await clock.advance(minute);
  const { id } = await backfill.run(hourly(), { nominal, force: true });
  expect(id).toBe('job@backfill-20300101T010000Z-2');
});

test('a backfill that failed and then succeeded is not run a third time', async () => {
  const { clock, engine, backend, executor } = await afterAnOutage();
  const backfill = new Backfill({ engine, backend, clock, anchorOf: () => 0 });
  const nominal = '2030-01-01T02:00:00Z';
  const states: string[] = [];
  for (const outcome of ['failed', 'failed', 'succeeded', 'failed'] as const) {
    executor.outcome = outcome;
    const { id } = await backfill.run(hourly(), { nominal });
    await clock.advance(minute);
    states.push(`${id} ${(await engine.run(id)).state}`);
  }
  const id = 'job@backfill-20300101T020000Z';
  expect(states).toEqual([
    `${id} failed`,
    `${id}-2 failed`,
    `${id}-3 succeeded`,
    `${id}-3 succeeded`,
  ]);
  const range = { from: nominal, to: '2030-01-01T02:00:01Z' };
  expect(await backfill.plan(hourly(), range)).toEqual([
    { nominal: '2030-01-01T02:00:00.000Z', plan: 'succeeded', run: `${id}-3` },
  ]);
});

test('a backfill that is under way again is not started beside itself', async () => {
  const { clock, engine, backend, executor } = await afterAnOutage();
  const backfill = new Backfill({ engine, backend, clock, anchorOf: () => 0 });
  const nominal = '2030-01-01T02:00:00Z';
  executor.outcome = 'failed';
  await backfill.run(hourly(), { nominal });
  await clock.advance(minute);
  executor.runsForMs = undefined;
  const again = await backfill.run(hourly(), { nominal });
  const asked = [
    await backfill.run(hourly(), { nominal }),
    await backfill.run(hourly(), { nominal, force: true }),
  ];
  expect(asked.map(({ id }) => id)).toEqual([again.id, again.id]);
});

test('a backfill asks for no more than the schedule repeats', async () => {
  const job = aJob({ schedule: { type: 'interval', every: '1h', repeats: 3 } });
  const { clock, engine, backend, scheduler } = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [job],
  });
  await clock.advance(24 * hour);
  const anchorOf = () => scheduler.job('job')?.progress.anchorAt ?? 0;
  const backfill = new Backfill({ engine, backend, clock, anchorOf });
  const nominals = async (from: string) =>
    (await backfill.plan(job, { from, to: '2030-01-02T00:00:00Z' })).map(({ nominal }) =>
      nominal.slice(11, 16),
    );
  expect(await nominals('2030-01-01T01:00:00Z')).toEqual(['01:30', '02:30', '03:30']);
  expect(await nominals('2030-01-01T02:00:00Z')).toEqual(['02:30', '03:30']);
  const fourth = backfill.run(job, { nominal: '2030-01-01T04:30:00Z' });
  await expect(fourth).rejects.toMatchObject({ code: 'JOBSD_INPUT_INVALID' });
});

test('a backfill refuses what is no occurrence, and what lies ahead', async () => {
  const { clock, engine, backend } = await afterAnOutage();
  const options = { engine, backend, clock, anchorOf: () => 0 };
  const backfill = new Backfill(options);
  const code = { code: 'JOBSD_INPUT_INVALID' };
  await expect(backfill.run(hourly(), { nominal: '2030-01-01T02:30:00Z' })).rejects.toMatchObject(
    code,
  );
  const ahead = { from: '2030-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z' };
  await expect(backfill.plan(hourly(), ahead)).rejects.toMatchObject(code);
  const oneAhead = backfill.run(hourly(), { nominal: '2031-01-01T00:00:00Z' });
  await expect(oneAhead).rejects.toMatchObject(code);
  const backwards = { from: '2030-01-01T02:00:00Z', to: '2030-01-01T01:00:00Z' };
  await expect(backfill.plan(hourly(), backwards)).rejects.toMatchObject(code);
});

test('why of a yearly job names the time a year before', async () => {
  const yearly = aJob({ schedule: { type: 'cron', cron: '0 9 1 1 *' } });
  const harness = await startHarness({ now: '2030-01-01T00:30:00Z', jobs: [yearly] });
  const { previous, next } = await whyOf(harness, yearly, '2031-01-01T09:00:00Z');
  expect({ previous, next }).toEqual({
    previous: '2030-01-01T09:00:00.000Z',
    next: '2032-01-01T09:00:00.000Z',
  });
});

test('why of a time after the end of a pause says that it will run', async () => {
  const harness = await startHarness({ now: '2030-01-01T00:30:00Z', jobs: [hourly()] });
  const pause = { at: harness.clock.now(), until: Date.parse('2030-01-01T03:00:00Z') };
  harness.scheduler.setPaused({ kind: 'all' }, pause);
  const verdictAt = async (at: string) => (await whyOf(harness, hourly(), at)).verdict;
  expect(await verdictAt('2030-01-01T02:00:00Z')).toBe('will-be-skipped');
  expect(await verdictAt('2030-01-01T03:00:00Z')).toBe('will-run');
});

test.each([
  ['2030-01-01T01:00:00Z', 'ran', 'It ended: succeeded.'],
  ['2030-01-01T02:00:00Z', 'missed', 'Nobody fired then: the daemon was down'],
  ['2030-01-01T03:00:00Z', 'missed', 'Nobody fired then: the daemon was down'],
  ['2030-01-01T04:00:00Z', 'ran', 'It ended: succeeded.'],
  ['2030-01-01T04:10:00Z', 'not-an-occurrence', 'has no occurrence at'],
  ['2030-01-01T00:00:00Z', 'before-the-schedule', 'new and changed schedules never look back'],
  ['2030-01-02T00:00:00Z', 'will-run', 'Its schedule has an occurrence'],
])('why at %s says %s', async (at, verdict, sentence) => {
  const { backend, clock, scheduler } = await afterAnOutage();
  const progress = scheduler.job('job')?.progress;
  if (!progress) throw new Error('no such job');
  const view = await why({
    job: hourly(),
    at: Date.parse(at),
    now: clock.now(),
    backend,
    progress,
  });
  expect(view.verdict).toBe(verdict);
  expect(view.because.join(' ')).toContain(sentence);
});

test('a service that is asked for without a job is on record with where it is declared', async () => {
  const place = { file: 'jobs.d/a.yaml', line: 7, column: 3, endColumn: 9 };
  const reports = { name: 'reports', module: 'reports.ts', export: 'default', place };
  const { engine } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [],
    snapshot: { services: new Map([['reports', reports]]) },
  });
  engine.use(engine.snapshot, '0a1b2c-dirty');
  const run = await engine.invoke('reports', { trigger: 'api' });
  expect(run).toMatchObject({ place: 'jobs.d/a.yaml:7', commit: '0a1b2c-dirty', trigger: 'api' });
});

test('why tells of the backfill of a time, and of no time beyond the repeats', async () => {
  const job = aJob({ schedule: { type: 'interval', every: '1h', repeats: 3 } });
  const harness = await startHarness({ now: '2030-01-01T00:30:00Z', jobs: [job] });
  const { clock, engine, backend, scheduler } = harness;
  const about = async (time: string) => {
    const told = await whyOf(harness, job, `2030-01-01T${time}:00Z`);
    const near = [told.previous, told.next].map((each) => each?.slice(11, 16) ?? 'none').join();
    return [told.verdict, told.because.at(-1), near];
  };
  const ends = 'Its schedule has only 3 occurrences, all before then.';
  expect(await about('02:30')).toEqual(['will-run', expect.any(String), '01:30,03:30']);
  expect(await about('03:30')).toEqual(['will-run', expect.any(String), '02:30,none']);
  expect(await about('04:30')).toEqual(['not-an-occurrence', ends, '03:30,none']);
  expect(await about('05:30')).toEqual(['not-an-occurrence', ends, 'none,none']);
  await clock.advance(12 * hour);
  expect(await about('05:30')).toEqual(['not-an-occurrence', ends, 'none,none']);
  const anchorOf = () => scheduler.job('job')?.progress.anchorAt ?? 0;
  const backfill = new Backfill({ engine, backend, clock, anchorOf });
  await backfill.run(job, { nominal: '2030-01-01T02:30:00Z', force: true });
  await clock.advance(minute);
  const sentence = 'It was backfilled: "job@backfill-20300101T023000Z" is succeeded.';
  expect(await about('02:30')).toEqual(['ran', sentence, '01:30,03:30']);
});

test('what nobody knows is refused with the way to what was meant', async () => {
  const { engine } = await startHarness({ now: '2030-01-01T00:00:00Z', jobs: [hourly()] });
  const trigger = 'manual';
  await expect(engine.invoke('jobsd.pin', { trigger })).rejects.toThrow(
    'Did you mean "jobsd.ping"?',
  );
  const snapshot = { ...engine.snapshot, services: new Map([['reports', {} as never]]) };
  engine.use(snapshot);
  await expect(engine.runJob('reports', { trigger })).rejects.toThrow('"reports" is a service');
  await expect(engine.run('job')).rejects.toThrow('"job" is not in the ledger. See: jobsd runs');
});
