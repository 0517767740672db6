import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';

const now = Date.UTC(2026, 0, 1);

async function warnings(jobs: string, options: { now?: number } = { now }) {
  const text = `version: 1\ndefaults: { timeout: 10m }\ngroups: { g: { maxRunning: 1 } }\njobs:\n  in-group: { type: manual, service: jobsd.ping, group: g }\n${jobs}`;
  const { findings } = await buildSnapshot({
    files: [{ path: 'a.yaml', bytes: Buffer.from(text) }],
    unreadable: [],
    moduleFacts: () => 'ok',
    ...options,
  });
  return findings.map(({ rule, severity }) => `${severity} ${rule}`);
}

test('a time that is still to come is no doubt, one that is over is', async () => {
  const at = (time: string) => `  a: { type: one-time, at: ${time}, service: jobsd.ping }\n`;
  expect(await warnings(at('2026-01-01T00:00:01Z'))).toEqual([]);
  expect(await warnings(at('2026-01-01T00:00:00Z'))).toEqual(['warning only-in-the-past']);
});

test('who does not say what time it is gets no doubts about the past', async () => {
  const job = '  a: { type: one-time, at: 2020-01-01T00:00:00Z, service: jobsd.ping }\n';
  expect(await warnings(job, {})).toEqual([]);
});

test('runs may overlap where it is said, or where the timeout is only a default', async () => {
  const job = (more: string) => `  a: { type: interval, every: 1m, service: jobsd.ping${more} }\n`;
  expect(await warnings(job(', timeout: 2m'))).toEqual(['warning overlapping-runs']);
  expect(await warnings(job(', timeout: 1m'))).toEqual([]);
  expect(await warnings(job(', timeout: 2m, overlap: allow'))).toEqual([]);
  expect(await warnings(job(', timeout: 2m, overlap: skip'))).toEqual([]);
  expect(await warnings(job(''))).toEqual([]);
});

test('a retry policy with attempts is no doubt', async () => {
  const job = (retry: string) => `  a: { type: manual, service: jobsd.ping, retry: ${retry} }\n`;
  expect(await warnings(job('{ delay: 5s, attempts: 2 }'))).toEqual([]);
  expect(await warnings(job('{ attempts: 1 }'))).toEqual([]);
  expect(await warnings(job('{ backoff: constant }'))).toEqual(['warning retry-without-attempts']);
});

test('warnings do not make a configuration invalid', async () => {
  const result = await buildSnapshot({
    files: [
      { path: 'a.yaml', bytes: Buffer.from('version: 1\ngroups: { g: { maxRunning: 1 } }\n') },
    ],
    unreadable: [],
    moduleFacts: () => 'ok',
  });
  expect(result).toMatchObject({ ok: true, findings: [{ rule: 'unused-group' }] });
});

test('the jitter of a schedule without a next time is no doubt', async () => {
  const job = (fields: string) => `  a: { ${fields}, service: jobsd.ping, jitter: 2d }\n`;
  expect(await warnings(job('type: one-time, at: 2027-01-01'))).toEqual([]);
  expect(await warnings(job('type: cron, cron: "0 9 1 1 *"'))).toEqual([]);
  expect(await warnings(job('type: interval, every: 1d'))).toEqual(['warning jitter-over-period']);
});
