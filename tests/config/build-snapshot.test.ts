import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import type { ParseCache } from '../../src/config/parse-files.ts';

function build(files: Readonly<Record<string, string>>) {
  return buildSnapshot({
    files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    unreadable: [],
    moduleFacts: () => 'ok',
  });
}

const job = (name: string, more = '') =>
  `  ${name}: { type: interval, every: 1h, service: jobsd.ping${more} }\n`;

test('a job gets every default, and defaults of other files', async () => {
  const result = await build({
    'jobs.yaml':
      'version: 1\ndefaults: { timezone: Europe/Athens, timeout: 10m, retry: { attempts: 3 } }\n',
    'jobs.d/a.yaml': `version: 1\njobs:\n${job('a', ', retry: { delay: 1s }')}`,
  });
  expect(result.findings).toEqual([]);
  expect(result.ok && result.snapshot.jobs.get('a')).toMatchObject({
    name: 'a',
    schedule: { type: 'interval', timezone: 'Europe/Athens', everyMs: 3_600_000 },
    service: 'jobsd.ping',
    extra: null,
    enabled: true,
    timeoutMs: 600_000,
    graceMs: 5000,
    retry: {
      attempts: 3,
      delayMs: 1000,
      backoff: 'exponential',
      maxDelayMs: 600_000,
      onLost: true,
    },
    overlap: 'allow',
    catchUp: { mode: 'latest', limit: 100 },
    jitterMs: 0,
    priority: 0,
    place: { file: 'jobs.d/a.yaml', line: 3, column: 3, endColumn: 4 },
  });
});

test('the revision does not depend on files, order or comments, and does on content', async () => {
  const revision = async (files: Record<string, string>) => {
    const result = await build(files);
    if (!result.ok) throw new Error(JSON.stringify(result.findings));
    return result.snapshot.revision;
  };
  const one = await revision({ 'a.yaml': `version: 1\njobs:\n${job('a')}${job('b')}` });
  const split = await revision({
    'x.yaml': `# moved\nversion: 1\njobs:\n${job('b')}`,
    'y.yaml': `version: 1\njobs:\n  a: { service: jobsd.ping, every: { hours: 1 }, type: interval }\n`,
  });
  expect(split).toBe(one);
  expect(await revision({ 'a.yaml': `version: 1\njobs:\n${job('a')}${job('c')}` })).not.toBe(one);
});

test('a snapshot cannot be changed', async () => {
  const result = await build({
    'a.yaml': `version: 1\njobs:\n${job('a', ', extra: { list: [1] }')}`,
  });
  if (!result.ok) throw new Error('not valid');
  const { extra } = result.snapshot.jobs.get('a') ?? {};
  expect(() => Object.assign(result.snapshot, { revision: 'x' })).toThrow();
  expect(() => (extra as { list: number[] }).list.push(2)).toThrow();
});

test('findings of all files come at once, sorted by file, line and column', async () => {
  const result = await build({
    'b.yaml': 'version: 1\njobs:\n  a: { type: cron, cron: "x", service: nope }\n',
    'a.yaml': 'version: 1\njobs:\n  b: { type: interval, service: nope }\n',
    'c.yaml': 'version: 1\njobs: [\n',
  });
  expect(result.ok).toBe(false);
  const places = result.findings.map(({ labels: [at] }) => `${at.file}:${at.line}:${at.column}`);
  expect(places).toEqual([...places].sort());
  expect(new Set(result.findings.map((finding) => finding.labels[0].file)).size).toBe(3);
});

test('with a cache only changed files are parsed again', async () => {
  const cache: ParseCache = new Map();
  const load = (files: Record<string, string>) =>
    buildSnapshot({
      files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
      unreadable: [],
      moduleFacts: () => 'ok',
      cache,
    });
  const a = `version: 1\njobs:\n${job('a')}`;
  await load({ 'a.yaml': a, 'b.yaml': `version: 1\njobs:\n${job('b')}` });
  const parsed = cache.get('a.yaml');
  const result = await load({ 'a.yaml': a, 'c.yaml': `version: 1\njobs:\n${job('c')}` });
  expect(cache.get('a.yaml')).toBe(parsed);
  expect([...cache.keys()]).toEqual(['a.yaml', 'c.yaml']);
  expect(result.ok && [...result.snapshot.jobs.keys()]).toEqual(['a', 'c']);
});

test('nothing is looked up in `extra`, and `$${` writes what only looks like a secret', async () => {
  const extra = (text: string) => `version: 1\njobs:\n${job('a', `, extra: { x: ["${text}"] }`)}`;
  const literal = await build({ 'a.yaml': extra('$${env:HOME} $${x} ${y} $${file:/z}') });
  expect(literal.ok && literal.snapshot.jobs.get('a')?.extra).toEqual({
    x: ['${env:HOME} $${x} ${y} ${file:/z}'],
  });
  const secret = await build({ 'a.yaml': extra('${env:HOME}') });
  expect(secret.findings.map(({ rule }) => rule)).toEqual(['secret-not-allowed']);
});
