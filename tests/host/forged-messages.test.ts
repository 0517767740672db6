import { expect, test } from 'vitest';
import { checkedHostMessage } from '../../src/host/checked-host-message.ts';
import type { HostMessage } from '../../src/host/protocol.ts';
import { openTestPool, service } from './open-test-pool.ts';

const error = { name: 'Error', message: 'm', code: 'C', stack: 's' };

test.each<readonly [string, unknown[]]>([
  ['a line at a fraction of a millisecond', ['l', 'id', 1.5, 'info', 'text']],
  ['a line beyond the end of time', ['l', 'id', 9e15, 'info', 'text']],
  ['a line of no level', ['l', 'id', 1, 'loud', 'text']],
  ['a line that is no text', ['l', 'id', 1, 'info', { a: 1 }]],
  ['a line of megabytes', ['l', 'id', 1, 'info', 'x'.repeat(1_000_000)]],
  ['an end that is none', ['e', 1, 'waiting', 1, 1, null, null, null]],
  ['a result that is no text', ['e', 1, 'succeeded', 1, 1, { a: 1 }, null, null]],
  ['an error that is none', ['e', 1, 'failed', 1, 1, null, { message: 1 }, null]],
])('%s is refused', (_, message) => {
  expect(() => checkedHostMessage(message as unknown as HostMessage)).toThrow(TypeError);
});

test.each<readonly [string, HostMessage]>([
  ['a line', ['l', 'id', 1, 'info', 'text']],
  ['an end', ['e', 1, 'failed', 1, 1, '"r"', error, { afterMs: 1.5 }]],
])('%s as hosts send it passes', (_, message) => {
  expect(checkedHostMessage(message)).toBe(message);
});

test('a service that forges a line the ledger would refuse loses its host, not the ledger', async () => {
  const body = `
    const line = JSON.stringify(['l', this.run.id, 1.5, 'info', 'forged']);
    writeSync(3, line + '\\n');
    await new Promise(() => {});`;
  await using it = await openTestPool({
    services: { forges: `import { writeSync } from 'node:fs';\n${service(body)}` },
  });
  const end = await it.run('forges');
  expect(end).toMatchObject({ outcome: 'lost', error: { code: 'JOBSD_HOST_DIED' } });
  expect(it.logged(end.id)).toEqual([]);
});
