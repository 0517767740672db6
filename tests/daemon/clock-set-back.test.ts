import { expect, test } from 'vitest';
import { aJob, type JobSpec, startHarness, type TestExecutor } from '../support/daemon-harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const hourly = (more: Partial<JobSpec> = {}) =>
  aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, ...more });
const endless = (executor: TestExecutor) => {
  executor.runsForMs = undefined;
};
const ended = (executor: TestExecutor) => {
  executor.runsForMs = 0;
};

test('a time that comes again replaces no run', async () => {
  const jobs = [hourly({ overlap: 'replace' })];
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T08:30:00Z',
    jobs,
    prepare: endless,
  });
  await clock.advance(2 * hour);
  const id = 'job@20300101T100000Z';
  expect([...executor.underWay.keys()]).toEqual([id]);
  clock.jump(-2 * hour);
  await clock.advance(2 * hour);
  expect([...executor.underWay.keys()]).toEqual([id]);
  expect(await engine.run(id)).toMatchObject({ state: 'running' });
  await clock.advance(hour);
  expect([...executor.underWay.keys()]).toEqual(['job@20300101T110000Z']);
  expect(await engine.run(id)).toMatchObject({ state: 'cancelled', reason: 'replaced' });
});

test('a time that comes again after a restart replaces no run either', async () => {
  const retry = {
    attempts: 3,
    delayMs: 5 * hour,
    backoff: 'constant',
    maxDelayMs: 9 * hour,
    onLost: true,
  } as const;
  const jobs = [hourly({ overlap: 'replace', retry })];
  const first = await startHarness({
    now: '2030-01-01T08:30:00Z',
    jobs,
    prepare: (executor) => {
      executor.outcome = 'failed';
    },
  });
  await first.clock.advance(2 * hour);
  first.clock.jump(-2 * hour);
  await first.clock.advance(20 * minute);
  first.kill();
  const { clock, engine } = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: first.backend,
  });
  await clock.advance(hour);
  expect(await engine.run('job@20300101T100000Z')).toMatchObject({ state: 'retrying' });
});

test('a time that comes again throws nothing out of a queue', async () => {
  const jobs = [hourly({ overlap: 'queue-latest' })];
  const { clock, engine, executor } = await startHarness({
    now: '2030-01-01T07:30:00Z',
    jobs,
    prepare: ended,
  });
  await clock.advance(hour);
  endless(executor);
  await clock.advance(2 * hour);
  clock.jump(-3 * hour);
  await clock.advance(3 * hour);
  expect(await engine.run('job@20300101T100000Z')).toMatchObject({ state: 'waiting' });
  await clock.advance(hour);
  expect(await engine.run('job@20300101T100000Z')).toMatchObject({ state: 'skipped' });
  expect(await engine.run('job@20300101T110000Z')).toMatchObject({ state: 'waiting' });
});

test('a time that comes again sets off no reaction', async () => {
  const jobs = [hourly({ overlap: 'skip', on: { skipped: { service: 'alarm' } } })];
  const { clock, engine, executor, records } = await startHarness({
    now: '2030-01-01T08:30:00Z',
    jobs,
    prepare: ended,
  });
  await clock.advance(2 * hour);
  endless(executor);
  await engine.runJob('job', { trigger: 'manual' });
  clock.jump(-2 * hour);
  await clock.advance(2 * hour);
  expect((await records()).filter((run) => run.service === 'alarm')).toEqual([]);
  await clock.advance(hour);
  expect(await engine.run('job@20300101T110000Z')).toMatchObject({ reason: 'overlap' });
  expect((await records()).filter((run) => run.service === 'alarm')).toHaveLength(1);
});

test('a missed time that comes again sets off no reaction, in whatever life', async () => {
  const jobs = [
    hourly({ catchUp: { mode: 'none', limit: 0 }, on: { missed: { service: 'alarm' } } }),
  ];
  const first = await startHarness({ now: '2030-01-01T08:30:00Z', jobs });
  await first.clock.advance(2 * hour);
  first.clock.jump(-2 * hour);
  await first.clock.advance(minute);
  first.kill();
  await first.clock.advance(2 * hour);
  const { engine, records, clock, stretches } = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: first.backend,
  });
  await clock.advance(0);
  expect(await engine.run('job@20300101T090000Z')).toMatchObject({ state: 'succeeded' });
  expect((await records()).filter((run) => run.service === 'alarm')).toEqual([]);
  expect(stretches).toEqual([]);
});

test('a time that comes again to a job that was removed and added again stops no run', async () => {
  const jobs = [hourly({ overlap: 'replace' })];
  const { clock, engine, executor, reload } = await startHarness({
    now: '2030-01-01T09:30:00Z',
    jobs,
    prepare: ended,
  });
  await clock.advance(hour);
  endless(executor);
  const { id } = await engine.runJob('job', { trigger: 'manual' });
  clock.jump(-45 * minute);
  await clock.advance(0);
  await reload([]);
  await reload(jobs);
  await clock.advance(30 * minute);
  expect(await engine.run(id)).toMatchObject({ state: 'running' });
});

test('times that come again and have no record run as if the clock had always been right', async () => {
  for (const overlap of ['allow', 'skip', 'queue', 'queue-latest', 'replace'] as const) {
    const jobs = [hourly({ overlap, catchUp: { mode: 'latest', limit: 100 } })];
    const { clock, fired, records } = await startHarness({
      now: '2030-01-01T00:30:00Z',
      jobs,
      prepare: ended,
    });
    clock.jump(6 * hour);
    await clock.advance(minute);
    clock.jump(-6 * hour);
    await clock.advance(7 * hour);
    // 01:00 names the missed stretch, 06:00 was caught up while the clock was wrong.
    const hours = fired().map((at) => at.slice(11, 13));
    expect([overlap, ...hours]).toEqual([overlap, '06', '02', '03', '04', '05', '07']);
    expect((await records()).filter((run) => run.state === 'waiting')).toEqual([]);
  }
});

test('what is missed of an edited schedule is on record, whatever the old one had ahead of the clock', async () => {
  const none = { catchUp: { mode: 'none', limit: 0 } } as const;
  const { clock, scheduler, reload, records } = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [hourly(none)],
  });
  for (const byMs of [12 * hour, -12 * hour]) {
    clock.jump(byMs);
    scheduler.tick();
  }
  await reload([aJob({ schedule: { type: 'cron', cron: '45 * * * *' }, ...none })]);
  clock.jump(3 * hour);
  await clock.advance(minute);
  expect((await records()).map((run) => [run.id, run.state, run.count])).toEqual([
    ['job@20300101T010000Z', 'missed', 12],
    ['job@20300101T004500Z', 'missed', 3],
  ]);
});
