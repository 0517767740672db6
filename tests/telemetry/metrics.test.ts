import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics/create-metrics.ts';
import { EventCounts } from '../../src/telemetry/metrics/event-counts.ts';
import { toAll } from '../../src/telemetry/to-all.ts';
import { aStatus } from '../http/memory-control.ts';
import { repositoryRoot } from '../support/project.ts';
import { parseExposition } from './parse-exposition.ts';
import { sampleEvents } from './sample-events.ts';

const nowMs = Date.parse('2030-01-01T00:00:05Z');
const hosts = [{ name: 'host-1', pid: 4712, runs: 1 }];
const status = () => aStatus({ hosts });
const firstSeenAt = Date.parse('2029-12-31T00:00:00Z');

async function scrape(counts: EventCounts, jobs: readonly string[] = []) {
  const metrics = createMetrics({
    counts,
    status,
    jobs: () => jobs.map((name) => ({ name, firstSeenAt })),
  });
  const text = await metrics.text();
  const families = parseExposition(text);
  const read = (name: string, labels: Record<string, string> = {}) =>
    families
      .get(name.replace(/_(bucket|sum|count)$/, ''))
      ?.samples.find(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )?.value;
  const all = (name: string) => families.get(name)?.samples ?? [];
  return { text, families, read, all };
}

const started = sampleEvents['run-started'];
const ended = sampleEvents['run-ended'];

test('what the events of a daemon say is in its metrics, and a scraper can read them', async () => {
  const counts = new EventCounts();
  for (const event of Object.values(sampleEvents)) counts.emit(event);
  const { families } = await scrape(counts, ['sync-data']);
  // The loop and the process are never twice the same.
  const stable = [...families.values()].filter(
    ({ name }) => name.startsWith('jobsd_') && name !== 'jobsd_event_loop_delay_seconds',
  );
  const lines = stable.flatMap(({ name, type, samples }) => [
    `${name} (${type})`,
    ...samples
      .filter(({ labels }) => labels.le === undefined || labels.le === '+Inf')
      .map((sample) => `  ${sample.name}${JSON.stringify(sample.labels)} ${sample.value}`),
  ]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/screens/metrics.txt');
});

test('a run that succeeds is counted by job and outcome, with the time of its end', async () => {
  const counts = new EventCounts();
  counts.emit({ ...started, trigger: 'schedule', delayMs: 3 });
  counts.emit({
    ...ended,
    outcome: 'succeeded',
    tookMs: 1500,
    endedAt: nowMs,
    retryAt: undefined,
  } as never);
  const { read } = await scrape(counts, ['sync-data']);
  const job = 'sync-data';
  expect(read('jobsd_runs_started_total', { job, trigger: 'schedule' })).toBe(1);
  expect(read('jobsd_runs_ended_total', { job, outcome: 'succeeded' })).toBe(1);
  expect(read('jobsd_runs_ended_total', { job, outcome: 'failed' })).toBe(0);
  expect(read('jobsd_job_last_success_timestamp_seconds', { job })).toBe(nowMs / 1000);
  expect(read('jobsd_job_first_seen_timestamp_seconds', { job })).toBe(firstSeenAt / 1000);
  expect(read('jobsd_job_last_duration_seconds', { job })).toBe(1.5);
  expect(read('jobsd_run_duration_seconds_bucket', { service: 'sync', le: '1' })).toBe(0);
  expect(read('jobsd_run_duration_seconds_bucket', { service: 'sync', le: '5' })).toBe(1);
  expect(read('jobsd_run_duration_seconds_sum', { service: 'sync' })).toBe(1.5);
  expect(read('jobsd_schedule_lateness_seconds_bucket', { le: '0.002' })).toBe(0);
  expect(read('jobsd_schedule_lateness_seconds_bucket', { le: '0.005' })).toBe(1);
});

test('an attempt that another follows is a retry, and no end of the run', async () => {
  const counts = new EventCounts();
  counts.emit({ ...started, attempt: 1 });
  counts.emit({ ...ended, attempt: 1, outcome: 'failed', retryAt: nowMs });
  counts.emit({ ...started, attempt: 2 });
  const { read } = await scrape(counts);
  const job = 'sync-data';
  expect(read('jobsd_run_retries_total', { job })).toBe(1);
  expect(read('jobsd_runs_ended_total', { job, outcome: 'failed' })).toBe(0);
  expect(read('jobsd_runs_started_total', { job })).toBe(1);
});

test('what is caught up or asked for by hand is not late', async () => {
  const counts = new EventCounts();
  for (const trigger of ['catch-up', 'manual', 'schedule'] as const) {
    counts.emit({ ...started, trigger, delayMs: 3_600_000 });
  }
  const { read } = await scrape(counts);
  expect(read('jobsd_schedule_lateness_seconds_count')).toBe(1);
  expect(read('jobsd_runs_started_total', { trigger: 'catch-up' })).toBe(1);
});

test('a stretch counts each of its occurrences, also those that come to it later', async () => {
  const counts = new EventCounts();
  counts.emit({ ...sampleEvents['run-missed'], reason: 'outage', count: 12 });
  counts.emit({ ...sampleEvents['run-skipped'], job: 'sync-data', reason: 'paused', count: 2 });
  counts.emit({ kind: 'skip-continued', job: 'sync-data', reason: 'paused', count: 3 });
  const { read } = await scrape(counts);
  expect(read('jobsd_occurrences_missed_total', { reason: 'outage' })).toBe(12);
  expect(read('jobsd_occurrences_skipped_total', { reason: 'paused' })).toBe(5);
});

test('days of calendars do not become labels', async () => {
  const counts = new EventCounts();
  const skipped = sampleEvents['run-skipped'];
  for (const reason of [
    'calendar holidays (2030-12-25)',
    'calendar holidays (2030-12-26)',
    'not in calendar working days',
  ]) {
    counts.emit({ ...skipped, reason, count: 1 });
  }
  const { all } = await scrape(counts);
  expect(all('jobsd_occurrences_skipped_total')).toMatchObject([
    { labels: { job: 'sync-data', reason: 'calendar' }, value: 3 },
  ]);
});

test('ten thousand jobs and services do not make ten thousand time series each', async () => {
  const counts = new EventCounts();
  for (let n = 0; n < 10_000; n++) {
    const which = { job: `job ${n}`, service: `service ${n}` };
    counts.emit({ ...started, ...which, trigger: 'schedule' });
    counts.emit({ ...ended, ...which, outcome: 'succeeded', retryAt: undefined } as never);
  }
  const { all, read, text } = await scrape(counts);
  expect(all('jobsd_runs_started_total')).toHaveLength(1001);
  expect(read('jobsd_runs_started_total', { job: 'job 0' })).toBe(1);
  expect(read('jobsd_runs_started_total', { job: '(other)' })).toBe(9000);
  expect(read('jobsd_run_duration_seconds_count', { service: '(other)' })).toBe(9900);
  expect(text.length).toBeLessThan(1_000_000);
});

test('a job that is gone leaves its place to another', async () => {
  const counts = new EventCounts();
  counts.emit({ ...started, job: 'old' });
  counts.emit({ ...started, job: 'kept' });
  counts.jobs.retain((job) => job === 'kept');
  const { all } = await scrape(counts);
  expect(all('jobsd_runs_started_total').map(({ labels }) => labels.job)).toEqual(['kept']);
});

test('services that run without a job have no last success that an alert could wait for', async () => {
  const counts = new EventCounts();
  const { job: _, ...invoked } = ended;
  counts.emit({ ...invoked, outcome: 'succeeded', retryAt: undefined } as never);
  const { all, read } = await scrape(counts);
  expect(read('jobsd_runs_ended_total', { job: '', outcome: 'succeeded' })).toBe(1);
  expect(all('jobsd_job_last_success_timestamp_seconds')).toEqual([]);
});

test('each scrape tells the same when nothing happens between', async () => {
  const counts = new EventCounts();
  counts.emit(started);
  const metrics = createMetrics({ counts, status, jobs: () => [] });
  const runs = async () => parseExposition(await metrics.text()).get('jobsd_runs_started_total');
  expect(await runs()).toEqual(await runs());
});

test('an event reaches all that listen, in their order', () => {
  const heard: string[] = [];
  const sink = (name: string) => ({ emit: () => heard.push(name) });
  toAll(sink('counts'), sink('log')).emit(started);
  expect(heard).toEqual(['counts', 'log']);
});

test('the document names each metric there is, and none that there is not', async () => {
  const { families } = await scrape(new EventCounts());
  const text = readFileSync(join(repositoryRoot, 'docs/metrics.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => row.split('|')[1]?.match(/(?<=`)[a-z_]+(?=`)/g) ?? []);
  expect(named.sort()).toEqual([...families.keys()].sort());
});
