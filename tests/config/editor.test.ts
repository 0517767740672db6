import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LanguageServer } from './language-server.ts';

const root = join(import.meta.dirname, '../..');
const modeline = `# yaml-language-server: $schema=${pathToFileURL(join(root, 'schema/jobsd.schema.json'))}`;
const uriOf = (name: string) => pathToFileURL(join(root, 'jobs.d', name)).href;
const server = new LanguageServer();

beforeAll(() => server.start());
afterAll(() => server.stop());

const cronJob = `${modeline}
version: 1
jobs:
  nightly:
    type: cron
    service: jobsd.ping
    `;

test('after `type: cron` an editor offers the keys of a cron job and no others', async () => {
  const uri = uriOf('completion.yaml');
  await server.open(uri, cronJob);
  const offered = await server.complete(uri, 6, 4);
  expect(offered).toEqual(expect.arrayContaining(['cron', 'timezone', 'dst', 'repeats', 'extra']));
  expect(offered).not.toContain('every');
  expect(offered).not.toContain('at');
});

test('after `type: interval` an editor does not offer cron expressions', async () => {
  const uri = uriOf('completion-interval.yaml');
  await server.open(uri, cronJob.replace('type: cron', 'type: interval'));
  const offered = await server.complete(uri, 6, 4);
  expect(offered).toEqual(expect.arrayContaining(['every', 'repeats']));
  expect(offered).not.toContain('cron');
  expect(offered).not.toContain('dst');
});

test('an editor offers the four types of jobs', async () => {
  const uri = uriOf('completion-type.yaml');
  await server.open(uri, `${modeline}\nversion: 1\njobs:\n  nightly:\n    type: \n`);
  expect(await server.complete(uri, 4, 10)).toEqual(
    expect.arrayContaining(['one-time', 'interval', 'cron', 'manual']),
  );
});

test('an editor reports a misspelt key once, at its line', async () => {
  const text = `${cronJob}cron: "@daily"\n    timout: 5s\n`;
  const diagnostics = await server.open(uriOf('misspelt.yaml'), text);
  expect(diagnostics.map(({ message, range }) => [message, range.start.line])).toEqual([
    [expect.stringContaining('timout'), 7],
  ]);
});

test('an editor has nothing to say about a file with everything in it', async () => {
  const text = `${modeline}
version: 1
defaults: { timezone: Europe/Athens, timeout: 10m, catchUp: { mode: all, window: 6h } }
endpoints:
  My SMTP: { type: smtp, url: "\${env:SMTP_URL:-smtp://127.0.0.1:25}", from: a@example.com }
  API: { type: rest, url: "http://127.0.0.1", auth: { bearer: "\${env:TOKEN}" }, timeout: { seconds: 5 } }
services:
  a: { module: services/a.ts, endpoints: [API] }
groups:
  g: { maxRunning: 2, rate: { count: 10, per: 1m } }
jobs:
  a: { type: one-time, at: 2027-07-29 11:35:49, service: a }
  b: { type: interval, every: { hours: 1 }, repeats: 168, service: a, extra: { any: [thing] } }
  c: { type: cron, cron: ["@daily", "0 9 * * *"], service: a, dst: { gap: skip }, group: g }
  d: { type: manual, service: a, on: { failure: a, success: { job: a } }, labels: { x: "1" } }
daemon: { hosts: { count: 1, memory: 1GB }, retention: { age: 7d } }
`;
  expect(await server.open(uriOf('everything.yaml'), text)).toEqual([]);
});
