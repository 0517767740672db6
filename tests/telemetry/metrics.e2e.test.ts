import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { controlSocketPath } from '../../src/http/control-socket-path.ts';
import { type DaemonProcess, startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';
import { parseExposition } from './parse-exposition.ts';

/** What a scraper gets: no client of ours between. */
async function scrape(project: Project) {
  const socketPath = controlSocketPath(project.path('.jobsd/state.db'));
  const outgoing = request({ socketPath, path: '/metrics', agent: false }).end();
  const [incoming] = await once(outgoing, 'response');
  const text: string = (await incoming.setEncoding('utf8').toArray()).join('');
  expect(incoming.statusCode, text).toBe(200);
  expect(incoming.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const families = parseExposition(text);
  return (name: string, labels: Record<string, string> = {}) =>
    families
      .get(name.replace(/_(bucket|sum|count)$/, ''))
      ?.samples.find(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )?.value;
}

const jobs = configuration(
  [
    'jobs:',
    '  good: { type: manual, service: jobsd.ping }',
    '  bad: { type: manual, service: broken, retry: { attempts: 2, delay: 10ms } }',
    '  never: { type: cron, cron: "@yearly", service: jobsd.ping }',
    'services:',
    '  broken: { module: services/broken.ts }',
  ].join('\n'),
);
const broken = `import { Service } from 'jobsd';
export default class Broken extends Service {
  handle() { throw new Error('broken'); }
}
`;
const files = { 'jobs.d/a.yaml': jobs, 'services/broken.ts': broken };

async function runToEnd(daemon: DaemonProcess, job: string): Promise<void> {
  const { id } = await daemon.control.runJob(job, {});
  await daemon.control.waitForEnd(id, 30_000);
}

test('a scrape of the running daemon tells of its build, its runs and its reloads', async () => {
  const project = aProject(files);
  const daemon = await startDaemon(project);
  const { version, node, tzdata, backend, revision } = await daemon.control.status();
  await runToEnd(daemon, 'good');
  await runToEnd(daemon, 'bad');
  await daemon.control
    .invoke('jobsd.ping', {})
    .then(({ id }) => daemon.control.waitForEnd(id, 30_000));
  project.write('jobs.d/a.yaml', jobs.replace('@yearly', '60 * * * *'));
  await daemon.until('reload-refused');

  const metric = await scrape(project);
  expect(metric('jobsd_build_info', { version, node, tzdata, backend })).toBe(1);
  expect(metric('jobsd_config_info', { revision })).toBe(1);
  expect(metric('jobsd_runs_started_total', { job: 'good', trigger: 'api' })).toBe(1);
  expect(metric('jobsd_runs_ended_total', { job: 'good', outcome: 'succeeded' })).toBe(1);
  expect(metric('jobsd_runs_ended_total', { job: 'bad', outcome: 'failed' })).toBe(1);
  expect(metric('jobsd_run_retries_total', { job: 'bad' })).toBe(1);
  expect(metric('jobsd_runs_ended_total', { job: '', outcome: 'succeeded' })).toBe(1);
  expect(metric('jobsd_run_duration_seconds_count', { service: 'broken' })).toBe(2);
  expect(metric('jobsd_config_reloads_total', { result: 'refused' })).toBe(1);
  expect(metric('jobsd_config_last_reload_successful')).toBe(0);
  expect(metric('jobsd_ledger_writable')).toBe(1);
  expect(metric('jobsd_ledger_commit_duration_seconds_count')).toBeGreaterThan(0);
  expect(metric('jobsd_hosts')).toBeGreaterThan(0);
  expect(metric('jobsd_runs_running')).toBe(0);
  await daemon.stop();
});

test('after a restart the last success is what the ledger knows, and absent where there is none', async () => {
  const project = aProject(files);
  const first = await startDaemon(project);
  await runToEnd(first, 'good');
  await runToEnd(first, 'bad');
  const [ended] = (await first.control.runs({ job: 'good', limit: 1 })).runs;
  await first.stop();

  const second = await startDaemon(project);
  const name = 'jobsd_job_last_success_timestamp_seconds';
  const metric = await scrape(project);
  expect(metric(name, { job: 'good' })).toBe((ended?.endedAt ?? 0) / 1000);
  expect(metric(name, { job: 'bad' })).toBe(undefined);
  expect(metric(name, { job: 'never' })).toBe(undefined);
  expect(metric('jobsd_job_first_seen_timestamp_seconds', { job: 'never' })).toBeGreaterThan(0);
  await second.stop();
});

test('scrapes that come at once, the first ones among them, all get the same', async () => {
  const project = aProject(files);
  const daemon = await startDaemon(project);
  await runToEnd(daemon, 'good');
  const scrapes = await Promise.all(Array.from({ length: 8 }, () => scrape(project)));
  const counts = scrapes.map((metric) => metric('jobsd_runs_ended_total', { job: 'good' }));
  expect(counts).toEqual(scrapes.map(() => 1));
  await daemon.stop();
});
