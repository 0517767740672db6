import { expect, test } from 'vitest';
import type { JobDefinition } from '../../src/config/snapshot.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { aJob, type JobSpec, startHarness } from '../support/daemon-harness.ts';

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
