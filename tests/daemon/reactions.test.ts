import { expect, test } from 'vitest';
import type { JobDefinition } from '../../src/config/snapshot.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { aJob, type JobSpec, startHarness } from '../support/daemon-harness.ts';
import { nextLife } from '../support/next-life.ts';

const minute = 60_000;
const hour = 60 * minute;
const manual = (name: string, more: Partial<JobSpec> = {}) =>
  aJob({ name, service: name, schedule: { type: 'manual' }, ...more });
const asked = { trigger: 'manual' } as const;

/** Runs end when the test says so. */
const startByHand = (jobs: readonly JobDefinition[]) =>
  startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs,
    prepare: (executor) => {
      executor.runsForMs = undefined;
    },
  });

const reactionsAmong = (records: readonly RunRecord[]) =>
  records.filter((run) => run.trigger === 'on-event');

test('a reaction whose job a reload has removed leaves a skipped record', async () => {
  const work = manual('work', { on: { failure: { job: 'alarm' } } });
  const { clock, engine, executor, reload, records } = await startByHand([work, manual('alarm')]);
  const { id } = await engine.runJob('work', asked);
  await reload([manual('work')]);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  expect(reactionsAmong(await records())).toMatchObject([
    { id: `alarm@failure-of-${id}`, job: 'alarm', state: 'skipped', reason: 'job-removed' },
  ]);
});

test('a reaction follows its job to a new name', async () => {
  const work = manual('work', { on: { failure: { job: 'alarm' } } });
  const { clock, engine, executor, reload } = await startByHand([work, manual('alarm')]);
  const { id } = await engine.runJob('work', asked);
  await reload([manual('work'), manual('siren', { renamedFrom: 'alarm' })]);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  expect(await engine.run(`alarm@failure-of-${id}`)).toMatchObject({
    job: 'siren',
    state: 'running',
  });
});

test('a reaction whose job is disabled is skipped for that reason', async () => {
  const work = manual('work', { on: { failure: { job: 'alarm' } } });
  const alarm = manual('alarm', { enabled: false });
  const { clock, engine, executor, records } = await startByHand([work, alarm]);
  const { id } = await engine.runJob('work', asked);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  expect(reactionsAmong(await records())).toMatchObject([
    { job: 'alarm', service: 'alarm', state: 'skipped', reason: 'disabled' },
  ]);
});

test('a dead run that is tried again and fails again sets off its reaction again', async () => {
  const work = manual('work', { on: { failure: { job: 'alarm' }, recovery: { job: 'clear' } } });
  const jobs = [work, manual('alarm'), manual('clear')];
  const { clock, engine, backend, executor, records } = await startByHand(jobs);
  const { id } = await engine.runJob('work', asked);
  executor.end(id, { outcome: 'failed' });
  await clock.advance(0);
  for (const outcome of ['failed', 'succeeded'] as const) {
    await retryRun(engine, backend, id, { actor: 'me' });
    executor.end(id, { outcome });
    await clock.advance(0);
  }
  expect(reactionsAmong(await records()).map((run) => run.id)).toEqual([
    `alarm@failure-of-${id}`,
    `alarm@failure-of-${id}-attempt-2`,
    `clear@recovery-of-${id}-attempt-3`,
  ]);
});

test('a run tried again by hand is no recovery when the job has recovered before', async () => {
  const work = manual('work', { on: { recovery: { job: 'clear' } } });
  const { clock, engine, backend, executor, records } = await startByHand([work, manual('clear')]);
  const [failed, later] = [await engine.runJob('work', asked), await engine.runJob('work', asked)];
  executor.end(failed.id, { outcome: 'failed' });
  executor.end(later.id);
  await clock.advance(0);
  await retryRun(engine, backend, failed.id, {});
  executor.end(failed.id);
  await clock.advance(0);
  expect(reactionsAmong(await records()).map((run) => run.id)).toEqual([
    `clear@recovery-of-${later.id}`,
  ]);
});

const hourly = (more: Partial<JobSpec> = {}) =>
  aJob({
    schedule: { type: 'cron', cron: '0 * * * *' },
    on: { recovery: { job: 'clear' } },
    ...more,
  });

/** An hourly job that has failed at 01:00. */
const afterFailure = async (more: Partial<JobSpec> = {}) => {
  const harness = await startHarness({
    now: '2030-01-01T00:30:00Z',
    jobs: [hourly(more), manual('clear')],
    prepare: (executor) => {
      executor.outcome = 'failed';
    },
  });
  await harness.clock.advance(hour);
  return harness;
};

const recoveries = async (harness: Awaited<ReturnType<typeof startHarness>>) =>
  reactionsAmong(await harness.records()).map((run) => run.id);

test('a job that failed before an outage recovers after it, although it missed times meanwhile', async () => {
  const first = await afterFailure({ catchUp: { mode: 'none', limit: 100 } });
  first.kill();
  await first.clock.advance(3 * hour);
  const second = await nextLife(first, [
    hourly({ catchUp: { mode: 'none', limit: 100 } }),
    manual('clear'),
  ]);
  const third = await nextLife(second, [
    hourly({ catchUp: { mode: 'none', limit: 100 } }),
    manual('clear'),
  ]);
  await third.clock.advance(hour);
  expect(await recoveries(third)).toEqual(['clear@recovery-of-job@20300101T050000Z']);
});

test('a job that failed and was paused recovers after a restart in the pause', async () => {
  const first = await afterFailure();
  first.scheduler.setPaused({ kind: 'job', name: 'job' }, { at: first.clock.now() });
  await first.clock.advance(2 * hour);
  const second = await nextLife(first, [hourly(), manual('clear')]);
  second.scheduler.setPaused({ kind: 'job', name: 'job' }, undefined);
  await second.clock.advance(hour);
  expect(await recoveries(second)).toEqual(['clear@recovery-of-job@20300101T040000Z']);
});

test.each(['a reload', 'a restart'])(
  'a job that failed recovers under its new name after %s',
  async (way) => {
    const first = await afterFailure();
    const renamed = [hourly({ name: 'new', renamedFrom: 'job' }), manual('clear')];
    if (way === 'a reload') {
      first.executor.outcome = 'succeeded';
      await first.reload(renamed);
    }
    const second = way === 'a restart' ? await nextLife(first, renamed) : first;
    await second.clock.advance(2 * hour);
    const third = await nextLife(second, renamed);
    await third.clock.advance(hour);
    expect(await recoveries(third)).toEqual(['clear@recovery-of-new@20300101T020000Z']);
  },
);

test.each(['before', 'after'])(
  'the run that ended last says whether a job fails, not the one made last: %s a restart',
  async (when) => {
    const jobs = [manual('work', { on: { recovery: { job: 'clear' } } }), manual('clear')];
    const first = await startByHand(jobs);
    const { clock, engine, executor } = first;
    const long = await engine.runJob('work', asked);
    const short = await engine.runJob('work', asked);
    executor.end(short.id);
    await clock.advance(minute);
    executor.end(long.id, { outcome: 'failed' });
    await clock.advance(0);
    const last = when === 'after' ? await nextLife(first, jobs) : first;
    const next = await last.engine.runJob('work', asked);
    last.executor.end(next.id);
    await clock.advance(0);
    expect(await recoveries(last)).toEqual([`clear@recovery-of-${next.id}`]);
  },
);

test('a ledger from before failing was kept tells it by its latest records', async () => {
  const first = await afterFailure();
  await first.backend.commit(
    (await first.backend.jobStates())
      .filter(({ job }) => job.includes(':'))
      .map(({ job }) => ({ kind: 'forget-job', job })),
  );
  const second = await nextLife(first, [hourly(), manual('clear')]);
  await second.clock.advance(hour);
  expect(await recoveries(second)).toEqual(['clear@recovery-of-job@20300101T020000Z']);
});

test('nothing is kept of a removed job that was failing', async () => {
  for (const way of ['a reload', 'a restart']) {
    const first = await afterFailure();
    if (way === 'a reload') await first.reload([manual('clear')]);
    const second = await nextLife(first, [manual('clear')]);
    await second.engine.journal.idle();
    const names = (await second.backend.jobStates()).map(({ job }) => job);
    expect(names.filter((name) => name.includes('job'))).toEqual([]);
  }
});
