import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import { resolveSecrets } from '../../src/config/resolve-secrets.ts';

async function snapshotWith(endpoints: string) {
  const text = `version: 1\nendpoints:\n${endpoints}`;
  const result = await buildSnapshot({
    files: [{ path: 'a.yaml', bytes: Buffer.from(text) }],
    unreadable: [],
    moduleFacts: () => 'ok',
  });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.snapshot;
}

const from = (env: Record<string, string | undefined>, files: Record<string, string> = {}) => ({
  env: (name: string) => env[name],
  file: (path: string) => files[path],
});

test('secrets are put into the settings and listed, longest first', async () => {
  const snapshot = await snapshotWith(
    '  e: { type: rest, url: "http://${env:HOST}/v1", auth: { bearer: "${file:/run/secrets/token}" } }\n',
  );
  const result = resolveSecrets(snapshot, from({ HOST: 'h' }, { '/run/secrets/token': 't0ken' }));
  expect(result).toMatchObject({ ok: true, secrets: ['t0ken', 'h'] });
  expect(result.ok && result.endpoints.get('e')).toEqual({
    type: 'rest',
    settings: { url: 'http://h/v1', auth: { bearer: 't0ken' } },
  });
  expect(snapshot.endpoints.get('e')?.settings.url).toBe('http://${env:HOST}/v1');
});

test('a default stands in for what is unset or empty, and is no secret', async () => {
  const snapshot = await snapshotWith('  e: { type: rest, url: "${env:URL:-http://127.0.0.1}" }\n');
  for (const env of [{}, { URL: '' }]) {
    const result = resolveSecrets(snapshot, from(env));
    expect(result).toMatchObject({ ok: true, secrets: [] });
    expect(result.ok && result.endpoints.get('e')?.settings.url).toBe('http://127.0.0.1');
  }
});

test('the password of an address that is a secret is one too, encoded and not', async () => {
  const snapshot = await snapshotWith('  e: { type: smtp, url: "${env:URL}" }\n');
  const result = resolveSecrets(snapshot, from({ URL: 'smtp://u:p%40ss@h:25' }));
  expect(result.ok && result.secrets).toEqual(['smtp://u:p%40ss@h:25', 'p%40ss', 'p@ss']);
});

test('`$${` stands for itself', async () => {
  const snapshot = await snapshotWith(
    '  e: { type: rest, url: "http://h/$${env:A}/${env:B:-b}" }\n',
  );
  const result = resolveSecrets(snapshot, from({ A: 'no' }));
  expect(result.ok && result.endpoints.get('e')?.settings.url).toBe('http://h/${env:A}/b');
});

test('all that is missing is told at once, at the endpoints that need it', async () => {
  const snapshot = await snapshotWith(
    '  e: { type: rest, url: "http://${env:A}:${env:B}/" }\n  f: { type: smtp, url: "${file:/nowhere}" }\n',
  );
  const result = resolveSecrets(snapshot, from({}));
  expect(result.ok).toBe(false);
  const findings = result.ok ? [] : result.findings;
  expect(findings.map(({ rule, message, labels: [at] }) => [rule, at.line, message])).toEqual([
    ['secret-missing', 3, 'endpoint "e": the environment variable A is not set'],
    ['secret-missing', 3, 'endpoint "e": the environment variable B is not set'],
    ['secret-missing', 4, 'endpoint "f": the file /nowhere cannot be read'],
  ]);
});
