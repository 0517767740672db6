import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectControl } from '../../src/http/control-client.ts';
import { type ControlServer, openControlServer } from '../../src/http/control-server.ts';
import { createMemoryControl } from './memory-control.ts';

const folder = mkdtempSync(join(tmpdir(), 'jobsd-door-'));
const socketPath = join(folder, 'control.sock');
const inside = createMemoryControl();
const outside = connectControl(socketPath);
let server: ControlServer;

beforeAll(async () => {
  server = await openControlServer({ socketPath, control: inside });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const id = 'sync-data@20300101T000000Z';

test('each operation goes through the door as it was asked', async () => {
  expect((await outside.cancel(id, { actor: 'me', reason: 'wrong input' })).state).toBe(
    'cancelled',
  );
  expect((await outside.retry(id, { actor: 'me' })).state).toBe('waiting');
  await outside.pause('group:my etl/x', { until: '2031-01-01T00:00:00Z', reason: 'audit' });
  await outside.resume('all', {});
  expect(inside.asked).toEqual([
    ['cancel', id, { actor: 'me', reason: 'wrong input' }],
    ['retry', id, { actor: 'me' }],
    ['pause', 'group:my etl/x', { until: '2031-01-01T00:00:00Z', reason: 'audit' }],
    ['resume', 'all', {}],
  ]);
});

test('a backfill is planned and made through the door', async () => {
  const range = { from: '2029-01-01T00:00:00Z', to: '2029-01-02T00:00:00Z', force: true, limit: 5 };
  expect(await outside.planBackfill('sync-data', range)).toEqual([
    { nominal: range.from, plan: 'run' },
  ]);
  const run = await outside.backfill('sync-data', { nominal: range.from });
  expect(run).toMatchObject({ id: 'sync-data@backfill-1', trigger: 'backfill' });
  expect(inside.asked).toContainEqual(['planBackfill', 'sync-data', range]);
});

test('why gives its sentences, and the record as a record', async () => {
  const view = await outside.why('sync-data', '2030-01-01T00:00:00Z');
  expect(view).toMatchObject({ verdict: 'ran', because: ['It ended: succeeded.'] });
  expect(view.run?.nominalAt).toBe(Date.parse('2030-01-01T00:00:00Z'));
});

test('a misspelt field is refused, not dropped', async () => {
  const wrong = { untill: '2031-01-01T00:00:00Z' } as object;
  await expect(outside.pause('all', wrong)).rejects.toMatchObject({ code: 'JOBSD_INPUT_INVALID' });
});
