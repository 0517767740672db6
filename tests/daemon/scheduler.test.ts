import { expect, test } from 'vitest';
import { aCalendar } from '../support/a-calendar.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const hourly = () => aJob({ schedule: { type: 'cron', cron: '0 * * * *' } });
const everyMinute = (more: Partial<Parameters<typeof aJob>[0]> = {}) =>
  aJob({ schedule: { type: 'cron', cron: '* * * * *' }, ...more });

test('a job fires at its nominal times, each once', async () => {
  const { clock, fired } = await startHarness({ now: '2030-01-01T00:59:00Z', jobs: [hourly()] });
  await clock.advance(2 * hour);
  expect(fired()).toEqual(['2030-01-01T01:00:00.000Z', '2030-01-01T02:00:00.000Z']);
});

test('every occurrence ends in a record of its own', async () => {
  const { clock, records } = await startHarness({ now: '2030-01-01T00:59:00Z', jobs: [hourly()] });
  await clock.advance(2 * hour);
  expect((await records()).map((run) => [run.id, run.state, run.attempt])).toEqual([
    ['job@20300101T010000Z', 'succeeded', 1],
    ['job@20300101T020000Z', 'succeeded', 1],
  ]);
});

test('a clock set back does not fire a job twice', async () => {
  const { clock, fired, jumps } = await startHarness({
    now: '2030-01-01T00:59:00Z',
    jobs: [hourly()],
  });
  await clock.advance(2 * minute);
  clock.jump(-2.5 * minute);
  await clock.advance(5 * minute);
  expect(fired()).toEqual(['2030-01-01T01:00:00.000Z']);
  expect(jumps).toEqual([-2.5 * minute]);
});

test('a clock set forward catches up the latest and records the rest as one missed stretch', async () => {
  const { clock, fired, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [everyMinute()],
  });
  clock.jump(10 * minute);
  await clock.advance(minute);
  expect(fired()).toEqual(['2030-01-01T00:10:00.000Z', '2030-01-01T00:11:00.000Z']);
  const [missed] = (await records()).filter((run) => run.state === 'missed');
  expect(missed).toMatchObject({ id: 'job@20300101T000100Z', count: 9, reason: 'outage' });
  expect(missed?.lastNominalAt).toBe(Date.parse('2030-01-01T00:09:00Z'));
});

test('a clock that was wrong by days and is corrected neither floods nor stands still', async () => {
  const { clock, fired } = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [hourly()],
  });
  clock.jump(3 * day);
  await clock.advance(minute);
  clock.jump(-3 * day);
  await clock.advance(2 * hour);
  expect(fired()).toEqual([
    '2030-01-04T00:00:00.000Z',
    // 01:00 of the right day is the first of the missed stretch, and so has its record already.
    '2030-01-01T02:00:00.000Z',
  ]);
});

test('a machine that was suspended over a due time runs it once when it wakes', async () => {
  const { clock, fired } = await startHarness({ now: '2030-01-01T00:59:00Z', jobs: [hourly()] });
  clock.jump(30 * minute);
  await clock.advance(minute);
  expect(fired()).toEqual(['2030-01-01T01:00:00.000Z']);
});

test('after a kill the next life neither loses nor doubles an occurrence', async () => {
  const jobs = [everyMinute({ catchUp: { mode: 'all', limit: 100 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  await first.clock.advance(2 * minute);
  first.kill();
  await first.clock.advance(3 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(minute);
  expect([...first.fired(), ...second.fired()]).toEqual(
    [1, 2, 3, 4, 5, 6].map((n) => `2030-01-01T00:0${n}:00.000Z`),
  );
});

test('catch-up none runs nothing of an outage, and records it', async () => {
  const jobs = [everyMinute({ catchUp: { mode: 'none', limit: 100 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  first.kill();
  await first.clock.advance(3 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  expect(second.fired()).toEqual([]);
  expect((await second.records()).map((run) => [run.id, run.state, run.count])).toEqual([
    ['job@20300101T000100Z', 'missed', 3],
  ]);
});

test('what is older than the window is missed, although the policy is to catch up all', async () => {
  const jobs = [everyMinute({ catchUp: { mode: 'all', windowMs: 2 * minute, limit: 100 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  first.kill();
  await first.clock.advance(5 * minute + 30_000);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  // At 00:06:00 the window is (00:04, 00:06].
  expect(second.fired()).toEqual(['2030-01-01T00:05:00.000Z', '2030-01-01T00:06:00.000Z']);
  const [missed] = await second.records();
  expect(missed).toMatchObject({ state: 'missed', count: 4, reason: 'window' });
});

test('a one-time job that was due in an outage runs at the next start, however late', async () => {
  const jobs = [aJob({ schedule: { type: 'one-time', at: '2030-01-01T01:00:00Z' } })];
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs });
  first.kill();
  await first.clock.advance(40 * day);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(day);
  expect(second.fired()).toEqual(['2030-01-01T01:00:00.000Z']);
  second.kill();
  const third = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(day);
  expect(third.fired()).toEqual([]);
});

test('repeats are counted over restarts', async () => {
  const jobs = [aJob({ schedule: { type: 'interval', every: '1m', repeats: 3 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:00Z', jobs });
  await first.clock.advance(90_000);
  first.kill();
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(10 * minute);
  expect(first.fired()).toHaveLength(1);
  expect(second.fired()).toEqual(['2030-01-01T00:02:00.000Z', '2030-01-01T00:03:00.000Z']);
});

test('an interval without start keeps its anchor over a restart', async () => {
  const jobs = [aJob({ schedule: { type: 'interval', every: '10m' } })];
  const first = await startHarness({ now: '2030-01-01T00:03:00Z', jobs });
  await first.clock.advance(4 * minute);
  first.kill();
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(20 * minute);
  expect(second.fired()).toEqual(['2030-01-01T00:13:00.000Z', '2030-01-01T00:23:00.000Z']);
});

test('a changed schedule starts strictly after the reload, an unchanged one keeps its next time', async () => {
  const other = () => aJob({ name: 'other', schedule: { type: 'interval', every: '10m' } });
  const { clock, reload, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [hourly(), other()],
  });
  await clock.advance(5 * minute);
  await reload([aJob({ schedule: { type: 'cron', cron: '0,1,2,3,4,5 * * * *' } }), other()]);
  await clock.advance(10 * minute);
  expect(executor.started.map((request) => request.id)).toEqual(['other@20300101T001000Z']);
});

test('an edit at the very instant something is due loses nothing and doubles nothing', async () => {
  const { clock, reload, fired } = await startHarness({
    now: '2030-01-01T00:59:30Z',
    jobs: [hourly()],
  });
  await clock.advance(29_999);
  clock.jump(1);
  await reload([aJob({ schedule: { type: 'cron', cron: '0,1 * * * *' } })]);
  await clock.advance(2 * minute);
  expect(fired()).toEqual(['2030-01-01T01:00:00.000Z', '2030-01-01T01:01:00.000Z']);
});

test('a removed job stops and keeps its history', async () => {
  const { clock, reload, fired, records } = await startHarness({
    now: '2030-01-01T00:59:00Z',
    jobs: [hourly()],
  });
  await clock.advance(2 * minute);
  await reload([]);
  await clock.advance(3 * hour);
  expect(fired()).toHaveLength(1);
  expect(await records()).toHaveLength(1);
});

test('a disabled job skips its times, in one growing record, and never catches them up', async () => {
  const { clock, reload, fired, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [everyMinute({ enabled: false })],
  });
  await clock.advance(3 * minute);
  await reload([everyMinute()]);
  await clock.advance(minute);
  expect(fired()).toEqual(['2030-01-01T00:04:00.000Z']);
  const [skipped] = await records();
  expect(skipped).toMatchObject({ state: 'skipped', reason: 'disabled', count: 3 });
});

test('a paused job skips until its pause runs out', async () => {
  const { clock, scheduler, fired, records } = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [everyMinute()],
  });
  const job = { kind: 'job', name: 'job' } as const;
  scheduler.setPaused(job, { at: clock.now(), until: clock.now() + 2 * minute, actor: 'me' });
  await clock.advance(4 * minute);
  expect(fired()).toEqual(['2030-01-01T00:03:00.000Z', '2030-01-01T00:04:00.000Z']);
  const [skipped] = await records();
  expect(skipped).toMatchObject({ state: 'skipped', count: 2 });
  expect(skipped?.reason).toBe('paused: job by me until 2030-01-01T00:02:30.000Z');
});

test('a renamed job takes its cursor and its count along', async () => {
  const schedule = { type: 'interval', every: '1m', repeats: 3 } as const;
  const { clock, reload, executor } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [aJob({ name: 'old', schedule })],
  });
  await clock.advance(90_000);
  await reload([aJob({ name: 'new', renamedFrom: 'old', schedule })]);
  await clock.advance(10 * minute);
  expect(executor.started.map((request) => request.id)).toEqual([
    'old@20300101T000100Z',
    'new@20300101T000200Z',
    'new@20300101T000300Z',
  ]);
});

test('jitter starts late by the same amount every time, and both times are on record', async () => {
  const jobs = [aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, jitterMs: 10 * minute })];
  const run = async () => {
    const { clock, records } = await startHarness({ now: '2030-01-01T00:30:00Z', jobs });
    await clock.advance(hour);
    return records();
  };
  const [first] = await run();
  const [second] = await run();
  expect(first?.nominalAt).toBe(Date.parse('2030-01-01T01:00:00Z'));
  expect(first?.plannedAt).toBeGreaterThan(first?.nominalAt ?? 0);
  expect(first?.startedAt).toBe(first?.plannedAt);
  expect(second?.plannedAt).toBe(first?.plannedAt);
});

test('a paused group stands still and goes on when its pause is lifted', async () => {
  const jobs = [everyMinute({ name: 'in', group: 'etl' }), everyMinute({ name: 'out' })];
  const { clock, scheduler, executor } = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  scheduler.setPaused({ kind: 'group', name: 'etl' }, { at: clock.now() });
  await clock.advance(2 * minute);
  scheduler.setPaused({ kind: 'group', name: 'etl' }, undefined);
  await clock.advance(minute);
  expect(executor.started.map((request) => request.id)).toEqual([
    'out@20300101T000100Z',
    'out@20300101T000200Z',
    'in@20300101T000300Z',
    'out@20300101T000300Z',
  ]);
});

test('a pause of everything outlives a restart, and what fell into it is not caught up', async () => {
  const jobs = [everyMinute({ catchUp: { mode: 'all', limit: 100 } })];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  first.scheduler.setPaused({ kind: 'all' }, { at: 0, until: Date.parse('2030-01-01T00:03:30Z') });
  await first.clock.advance(minute);
  first.kill();
  await first.clock.advance(4 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  expect(second.fired()).toEqual(['2030-01-01T00:04:00.000Z', '2030-01-01T00:05:00.000Z']);
});

test('a job that is enabled while no daemon runs does not catch up its disabled time', async () => {
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs: [everyMinute({ enabled: false })],
  });
  await first.clock.advance(minute);
  first.kill();
  await first.clock.advance(3 * minute);
  const second = await startHarness({
    now: '',
    jobs: [everyMinute()],
    clock: first.clock,
    backend: first.backend,
  });
  await second.clock.advance(minute);
  expect(second.fired()).toEqual(['2030-01-01T00:05:00.000Z']);
});

test('an edit between the time of an occurrence and its jitter leaves a record of it', async () => {
  const jittered = (cron: string) =>
    aJob({ schedule: { type: 'cron', cron }, jitterMs: 30 * minute });
  const { clock, reload, records, fired } = await startHarness({
    now: '2030-01-01T00:59:00Z',
    jobs: [jittered('0 * * * *')],
  });
  await clock.advance(minute);
  await reload([jittered('0 12 * * *')]);
  await clock.advance(hour);
  expect(fired()).toEqual([]);
  expect(await records()).toMatchObject([
    { id: 'job@20300101T010000Z', state: 'skipped', reason: 'edited' },
  ]);
});

test('a renamed job brings its history along', async () => {
  const schedule = { type: 'interval', every: '1m' } as const;
  const { clock, reload, backend } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs: [aJob({ name: 'old', schedule })],
  });
  await clock.advance(90_000);
  await reload([aJob({ name: 'new', renamedFrom: 'old', schedule })]);
  await clock.advance(minute);
  const { runs } = await backend.runs({ job: 'new', limit: 10 });
  expect(runs.map((run) => run.id)).toEqual(['new@20300101T000200Z', 'old@20300101T000100Z']);
});

test('what a calendar excludes is one growing skipped record, with the reason', async () => {
  const weekend = aCalendar({ name: 'weekend', weekdays: new Set([0, 6]) });
  const calendars = { only: [], except: [weekend], timezone: 'UTC' };
  // 2030-01-04 is a Friday.
  const { clock, fired, records } = await startHarness({
    now: '2030-01-04T21:30:00Z',
    jobs: [aJob({ schedule: { type: 'cron', cron: '0 */6 * * *' }, calendars })],
  });
  await clock.advance(2 * day + 6 * hour);
  expect(fired()).toEqual(['2030-01-07T00:00:00.000Z']);
  expect((await records()).map((run) => [run.id, run.state, run.reason, run.count])).toEqual([
    ['job@20300105T000000Z', 'skipped', 'calendar weekend (Saturday)', 4],
    ['job@20300106T000000Z', 'skipped', 'calendar weekend (Sunday)', 4],
    ['job@20300107T000000Z', 'succeeded', undefined, undefined],
  ]);
});

const saturdays = { type: 'cron', cron: '0 9 * * SAT' } as const;
const weekendOff = {
  only: [],
  except: [aCalendar({ name: 'weekend', weekdays: new Set([0, 6]) })],
  timezone: 'UTC',
};

test('a calendar that is edited never fires a past time', async () => {
  // 2030-01-05 is a Saturday; by the edit it would have gone to the Monday that is over.
  const { clock, fired, reload, records } = await startHarness({
    now: '2030-01-04T00:00:00Z',
    jobs: [aJob({ schedule: saturdays, calendars: weekendOff })],
  });
  await clock.advance(4 * day);
  await reload([aJob({ schedule: saturdays, calendars: { ...weekendOff, shift: 'next' } })]);
  await clock.advance(day);
  expect(fired()).toEqual([]);
  expect((await records()).map((run) => [run.id, run.state])).toEqual([
    ['job@20300105T090000Z', 'skipped'],
  ]);
  await clock.advance(6 * day);
  expect(fired()).toEqual(['2030-01-14T09:00:00.000Z']);
});

test('an edited calendar loses no occurrence whose jitter has not run out', async () => {
  const jitter = { jitterMs: 10 * hour };
  const schedule = { type: 'cron', cron: '0 9 * * *' } as const;
  const { clock, fired, reload, records } = await startHarness({
    now: '2030-01-08T08:00:00Z',
    jobs: [aJob({ schedule, calendars: weekendOff, ...jitter })],
  });
  await clock.advance(hour + minute);
  expect(fired()).toEqual([]);
  const holiday = aCalendar({ name: 'holiday', weekdays: new Set([3]) });
  const calendars = { ...weekendOff, except: [...weekendOff.except, holiday] };
  await reload([aJob({ schedule, calendars, ...jitter })]);
  await clock.advance(2 * day);
  expect((await records()).map((run) => [run.id, run.state])).toEqual([
    ['job@20300108T090000Z', 'succeeded'],
    ['job@20300109T090000Z', 'skipped'],
  ]);
});

test('a stretch that is pruned around while it grows loses no occurrence', async () => {
  const harness = await startHarness({ now: '2030-01-01T00:30:00Z', jobs: [hourly()] });
  const { clock, scheduler, engine, backend, records } = harness;
  scheduler.setPaused({ kind: 'job', name: 'job' }, { at: clock.now() });
  for (let round = 0; round < 4; round++) {
    await clock.advance(hour);
    await engine.runJob('job', { trigger: 'manual' });
    await clock.advance(0);
    await backend.prune({ before: 0, keep: 1, limit: 100 });
  }
  const stretches = (await records()).filter((run) => run.state === 'skipped');
  expect(stretches).toMatchObject([{ id: 'job@20300101T010000Z', count: 4 }]);
  scheduler.setPaused({ kind: 'job', name: 'job' }, undefined);
  await clock.advance(hour);
  expect(await backend.prune({ before: 0, keep: 1, limit: 100 })).toBe(2);
});
