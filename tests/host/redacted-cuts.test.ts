import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedactor } from '../../src/telemetry/redactor.ts';
import { aRequest, openTestPool, service, type TestPool } from './open-test-pool.ts';

const secret = 'hunter2-and-sixteen-more-characters';
const half = secret.slice(0, 18);
let it: TestPool;

beforeAll(async () => {
  const upTo = (length: number) => `'x'.repeat(${length - half.length}) + '${secret}'`;
  it = await openTestPool({
    services: {
      line: service(`console.log(${upTo(8 * 1024)}, 'and more');`),
      error: service(`throw new Error(${upTo(4096)});`),
      // The quote that begins a JSON text is part of what is kept.
      result: service(`return ${upTo(16 * 1024 - 1)} + 'y'.repeat(100_000);`),
      dying: service(
        `process.getBuiltinModule('fs').writeSync(2, 'Error: ' + ${upTo(493)}); process.kill(process.pid, 'SIGKILL');`,
      ),
    },
    options: { redact: createRedactor([secret]).redact },
  });
});
afterAll(() => it[Symbol.asyncDispose]());

test('a secret that the bound of a log line cuts in two is taken out of it', async () => {
  const request = aRequest('line');
  await it.run('line', request);
  expect(it.logged(request.id).join('\n').slice(-20)).toBe('xxxxxxxxxxx[secret]…');
});

test('a secret that the bound of an error cuts in two is taken out of it', async () => {
  const { error } = await it.run('error');
  expect(error?.message.slice(-20)).toBe('xxxxxxxxxxx[secret]…');
  expect(error?.stack).not.toContain('hunter2');
});

test('a secret that the bound of a result cuts in two is taken out of it', async () => {
  const { result } = await it.run('result');
  expect(JSON.parse(result ?? '').head.slice(-20)).toBe('xxxxxxxxxxx[secret]…');
});

test('a secret that is cut in two in the last words of a host is taken out of them', async () => {
  const { error } = await it.run('dying');
  expect(error?.message).toContain('It wrote: Error: xxxx');
  expect(error?.message).not.toContain('hunter2');
});
