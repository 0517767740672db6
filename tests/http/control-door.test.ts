import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Control } from '../../src/daemon/control.ts';
import { connectControl } from '../../src/http/control-client.ts';
import { type ControlServer, openControlServer } from '../../src/http/control-server.ts';
import { controlSocketPath } from '../../src/http/control-socket-path.ts';
import { aRun, aStatus, createMemoryControl } from './memory-control.ts';

const open: ControlServer[] = [];
const directories: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function aDirectory(): string {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'jobsd-door-'));
  directories.push(directory);
  return directory;
}

async function openDoor(control: Control, socketPath = join(aDirectory(), 'control.sock')) {
  const server = await openControlServer({ socketPath, control });
  open.push(server);
  return { server, socketPath, client: connectControl(socketPath) };
}

interface Answer {
  status: number;
  body: { error?: { code: string; message: string } } & Record<string, unknown>;
}

/** A request as a stranger's program would make it, without our client. */
async function ask(
  socketPath: string,
  path: string,
  options: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const outgoing = request({
    socketPath,
    path,
    method: options.method ?? 'GET',
    agent: false,
    headers: {
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
  });
  // The door may hang up before it has read a body it refuses; the answer is what counts.
  outgoing.on('error', () => {});
  outgoing.end(options.body);
  const [incoming] = await once(outgoing, 'response');
  const text = (await incoming.setEncoding('utf8').toArray()).join('');
  return { status: incoming.statusCode, body: JSON.parse(text) };
}

test('the client gives back what the daemon said, record for record', async () => {
  const failed = aRun({
    id: 'sync-data@20300101T010000Z',
    state: 'failed',
    error: { name: 'TypeError', message: 'no such field', code: 'E1', stack: 'at x' },
    payload: '{"key":"newest.data"}',
    result: '[1,2.5,"three",null]',
    actor: 'ops',
    retryAt: Date.parse('2030-01-01T01:10:00Z'),
    host: 'host-1',
    number: 7,
  });
  const missed = aRun({
    id: 'sync-data@20291231T010000Z',
    state: 'missed',
    reason: 'outage',
    attempt: 0,
    startedAt: undefined,
    endedAt: undefined,
    count: 12,
    lastNominalAt: Date.parse('2029-12-31T12:00:00Z'),
  });
  const control = createMemoryControl({ runs: [failed, missed], keyValues: { 'a/b c': 'täxt' } });
  const { client } = await openDoor(control);

  expect(await client.status()).toEqual(aStatus());
  expect(await client.jobs()).toEqual(await control.jobs());
  expect(await client.run(failed.id)).toEqual(failed);
  expect((await client.runs({ limit: 10 })).runs).toEqual([failed, missed]);
  expect(await client.keys('', 10)).toEqual(['a/b c']);
  expect(await client.keyValue('a/b c')).toBe('täxt');
  expect(await client.keyValue('absent')).toBeUndefined();
  expect(await client.reload()).toMatchObject({ ok: true, changed: true });
});

test('a result that was cut to its bound comes back as the text it is', async () => {
  const cut = aRun({ result: '{"rows":[1,2,3' });
  const { client, socketPath } = await openDoor(createMemoryControl({ runs: [cut] }));
  expect((await client.run(cut.id)).result).toBe('{"rows":[1,2,3');
  const { body } = await ask(socketPath, `/v1/runs/${encodeURIComponent(cut.id)}`);
  expect(body).toMatchObject({ result: '{"rows":[1,2,3', cut: ['result'] });
});

test('runs go out with ISO instants and parsed values', async () => {
  const { socketPath } = await openDoor(
    createMemoryControl({ runs: [aRun({ result: '{"sent":1}' })] }),
  );
  const { body } = await ask(socketPath, '/v1/runs');
  expect(body.runs).toEqual([
    {
      id: 'sync-data@20300101T000000Z',
      job: 'sync-data',
      service: 'api.scheduler.sync',
      trigger: 'schedule',
      state: 'succeeded',
      attempt: 1,
      nominal: '2030-01-01T00:00:00.000Z',
      planned: '2030-01-01T00:00:00.000Z',
      started: '2030-01-01T00:00:00.004Z',
      delayMs: 4,
      ended: '2030-01-01T00:00:01.250Z',
      revision: 'a1b2c3d4e5f6',
      result: { sent: 1 },
    },
  ]);
});

test('filters and pages reach the daemon, and the next page is where the last one ended', async () => {
  const runs = Array.from({ length: 5 }, (_, index) => aRun({ id: `sync-data@${index}` }));
  const control = createMemoryControl({ runs });
  const { client } = await openDoor(control);
  const first = await client.runs({ job: 'sync-data', states: ['succeeded', 'lost'], limit: 3 });
  expect(control.asked).toEqual([
    ['runs', { job: 'sync-data', states: ['succeeded', 'lost'], limit: 3 }],
  ]);
  expect(first.runs.map((run) => run.id)).toEqual(['sync-data@0', 'sync-data@1', 'sync-data@2']);
  const second = await client.runs({ limit: 3, after: first.next ?? '' });
  expect(second.runs.map((run) => run.id)).toEqual(['sync-data@3', 'sync-data@4']);
  expect(second.next).toBeUndefined();
});

test.each(['a job/with slash', '100% .. ?&#', 'ünï/cödé', 'x'.repeat(128)])(
  'a job named %j is started by that name',
  async (name) => {
    const control = createMemoryControl({
      jobs: [{ ...(await createMemoryControl().jobs())[0], name } as never],
    });
    const { client } = await openDoor(control);
    const asked = { extra: { a: [1, null] }, actor: 'me', trigger: 'manual' } as const;
    const run = await client.runJob(name, asked);
    expect(run.job).toBe(name);
    expect(control.asked).toEqual([['runJob', name, asked]]);
    expect((await client.run(run.id)).id).toBe(run.id);
  },
);

test('an absent extra stays absent and a null one stays null', async () => {
  const control = createMemoryControl();
  const { client } = await openDoor(control);
  await client.runJob('sync-data', {});
  await client.runJob('sync-data', { extra: null });
  await client.invoke('a/service', { payload: false });
  expect(control.asked).toEqual([
    ['runJob', 'sync-data', {}],
    ['runJob', 'sync-data', { extra: null }],
    ['invoke', 'a/service', { payload: false }],
  ]);
});

test('of a log only the lines from a number on are fetched', async () => {
  const control = createMemoryControl();
  const { client, socketPath } = await openDoor(control);
  const line = (text: string) => ({ at: 1, level: 'info', text }) as const;
  for (const text of ['one', 'two', 'three']) control.log(aRun().id, line(text));
  expect(await client.logs(aRun().id)).toHaveLength(3);
  expect(await client.logs(aRun().id, 2)).toEqual([line('three')]);
  expect(await client.logs(aRun().id, 9)).toEqual([]);
  const path = `/v1/runs/${encodeURIComponent(aRun().id)}/logs?from=-1`;
  expect((await ask(socketPath, path)).status).toBe(400);
});

test('an error of the daemon keeps its code and its words', async () => {
  const { client, socketPath } = await openDoor(createMemoryControl());
  await expect(client.runJob('sync-dat', {})).rejects.toMatchObject({
    name: 'JobsdError',
    code: 'JOBSD_JOB_NOT_FOUND',
    message: 'No job has this name. There is no job "sync-dat".',
  });
  await expect(client.logs('nothing')).rejects.toMatchObject({ code: 'JOBSD_RUN_NOT_FOUND' });
  const answer = await ask(socketPath, '/v1/jobs/sync-dat/runs', { method: 'POST', body: '{}' });
  expect(answer).toEqual({
    status: 404,
    body: {
      error: {
        code: 'JOBSD_JOB_NOT_FOUND',
        message: 'No job has this name. There is no job "sync-dat".',
      },
    },
  });
});

test('a failure nobody expected is an internal error and the daemon goes on', async () => {
  const control: Control = {
    ...createMemoryControl(),
    jobs: async () => {
      throw new TypeError('cannot read x of undefined');
    },
  };
  const { client, socketPath } = await openDoor(control);
  expect((await ask(socketPath, '/v1/jobs')).status).toBe(500);
  await expect(client.jobs()).rejects.toMatchObject({ code: 'JOBSD_INTERNAL' });
  expect(await client.status()).toMatchObject({ pid: 4711 });
});

test.each([
  ['an unknown path', 'GET', '/v1/nothing', undefined, 404],
  ['a method the path does not have', 'DELETE', '/v1/jobs', undefined, 404],
  ['a limit that is not a number', 'GET', '/v1/runs?limit=many', undefined, 400],
  ['a limit out of range', 'GET', '/v1/runs?limit=100000', undefined, 400],
  ['a parameter nobody knows', 'GET', '/v1/runs?jobb=x', undefined, 400],
  ['a state that does not exist', 'GET', '/v1/runs?state=dead', undefined, 400],
  ['a path that cannot be decoded', 'GET', '/v1/runs/%E0%A4%A', undefined, 400],
  ['a body that is not JSON', 'POST', '/v1/jobs/sync-data/runs', '{extra}', 400],
  ['a body that is a list', 'POST', '/v1/jobs/sync-data/runs', '[]', 400],
  ['a field nobody knows', 'POST', '/v1/jobs/sync-data/runs', '{"extras":1}', 400],
  ['a poisoned prototype', 'POST', '/v1/jobs/sync-data/runs', '{"__proto__":{}}', 400],
  ['no body', 'POST', '/v1/jobs/sync-data/runs', undefined, 400],
  [
    'too large a body',
    'POST',
    '/v1/jobs/sync-data/runs',
    JSON.stringify({ extra: 'x'.repeat(9e6) }),
    413,
  ],
])('%s is refused with a coded error', async (_name, method, path, body, status) => {
  const { socketPath } = await openDoor(createMemoryControl());
  const answer = await ask(socketPath, path, { method, ...(body !== undefined && { body }) });
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({
    error: {
      code: 'JOBSD_INPUT_INVALID',
      message: expect.stringMatching(/^The input does not fit/),
    },
  });
});

test('a body that is not declared as JSON is refused', async () => {
  const { socketPath } = await openDoor(createMemoryControl());
  const answer = await ask(socketPath, '/v1/jobs/sync-data/runs', {
    method: 'POST',
    body: 'extra=1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(answer.status).toBe(415);
});

test('an extra too large for the door is refused before it is sent', async () => {
  const { client } = await openDoor(createMemoryControl());
  const extra = 'x'.repeat(8 * 1024 * 1024);
  await expect(client.runJob('sync-data', { extra })).rejects.toMatchObject({
    code: 'JOBSD_INPUT_INVALID',
    message: /more than 8 MiB/,
  });
});

test('who waits for an end gets the record the moment it ends', async () => {
  const control = createMemoryControl();
  const { client } = await openDoor(control);
  const run = await client.runJob('sync-data', {});
  const waiting = client.waitForEnd(run.id, 60_000);
  await untilAsked(control, 'waitForEnd');
  control.end(run.id, { state: 'failed', endedAt: 1 });
  expect(await waiting).toMatchObject({ id: run.id, state: 'failed' });
});

test('who waits shorter than the run gets the record as it is', async () => {
  const { client } = await openDoor(createMemoryControl());
  const run = await client.runJob('sync-data', {});
  expect(await client.waitForEnd(run.id, 0)).toMatchObject({ state: 'running' });
});

test('a door that closes answers who waits instead of cutting them off', async () => {
  const control = createMemoryControl();
  const { client, server } = await openDoor(control);
  const run = await client.runJob('sync-data', {});
  const waiting = client.waitForEnd(run.id, 5_000);
  await untilAsked(control, 'waitForEnd');
  await server.close();
  await expect(waiting).resolves.toMatchObject({ state: 'running' });
});

test('a break-off ends the question under way with the reason given', async () => {
  const control = createMemoryControl();
  const { socketPath } = await openDoor(control);
  const stop = new AbortController();
  const client = connectControl(socketPath, stop.signal);
  const run = await client.runJob('sync-data', {});
  const waiting = client.waitForEnd(run.id, 60_000);
  await untilAsked(control, 'waitForEnd');
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('the socket is for its owner only and goes away with the door', async () => {
  const socketPath = join(aDirectory(), 'deeper', 'control.sock');
  const { server } = await openDoor(createMemoryControl(), socketPath);
  expect(lstatSync(socketPath).mode & 0o777).toBe(0o600);
  await server.close();
  expect(lstatSync(socketPath, { throwIfNoEntry: false })).toBeUndefined();
});

test('a second daemon does not take the socket of a living one', async () => {
  const { socketPath, client } = await openDoor(createMemoryControl());
  await expect(
    openControlServer({ socketPath, control: createMemoryControl() }),
  ).rejects.toMatchObject({ code: 'JOBSD_BACKEND_LOCKED' });
  expect(await client.status()).toMatchObject({ pid: 4711 });
});

test('the socket a killed daemon left behind is replaced', async () => {
  const socketPath = join(aDirectory(), 'control.sock');
  const program = `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => console.log('up'))`;
  const victim = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(victim.stdout, 'data');
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  expect(lstatSync(socketPath).isSocket()).toBe(true);
  await expect(connectControl(socketPath).status()).rejects.toMatchObject({
    code: 'JOBSD_DAEMON_UNREACHABLE',
  });
  const { client } = await openDoor(createMemoryControl(), socketPath);
  expect(await client.status()).toMatchObject({ pid: 4711 });
});

test('a file in the place of the socket is reported and kept', async () => {
  const socketPath = join(aDirectory(), 'control.sock');
  writeFileSync(socketPath, 'precious');
  await expect(
    openControlServer({ socketPath, control: createMemoryControl() }),
  ).rejects.toMatchObject({ code: 'JOBSD_BACKEND_UNWRITABLE', message: /not a socket/ });
  expect(lstatSync(socketPath).isFile()).toBe(true);
});

test('no daemon is told apart from a daemon that says no', async () => {
  await expect(connectControl(join(aDirectory(), 'control.sock')).jobs()).rejects.toMatchObject({
    code: 'JOBSD_DAEMON_UNREACHABLE',
    message: /Nobody listens on .*control\.sock/,
  });
});

test('a directory too deep for a socket gets one with a short name, the same for both sides', async () => {
  const deep = join(aDirectory(), 'd'.repeat(60), 'e'.repeat(60));
  mkdirSync(deep, { recursive: true });
  const socketPath = controlSocketPath(join(deep, 'state.db'));
  expect(Buffer.byteLength(socketPath)).toBeLessThan(100);
  expect(controlSocketPath(join(deep, '..', 'e'.repeat(60), 'state.db'))).toBe(socketPath);
  expect(controlSocketPath(join(deep, '..', 'state.db'))).not.toBe(socketPath);
  const { client } = await openDoor(createMemoryControl(), socketPath);
  expect(await client.status()).toMatchObject({ pid: 4711 });
  expect(controlSocketPath('/srv/app/.jobsd/state.db')).toBe('/srv/app/.jobsd/control.sock');
});

async function untilAsked(control: { asked: unknown[][] }, method: string): Promise<void> {
  while (!control.asked.some(([name]) => name === method)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
