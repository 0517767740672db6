import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../src/clock/clock.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { aRequest, makeProject, openTestPool, repository, service } from './open-test-pool.ts';

const pid = service('return process.pid;');
const wait = service(
  'await new Promise((resolve) => setTimeout(resolve, this.request.input)); return process.pid;',
);
const spin = service(`
  const until = performance.now() + this.request.input;
  while (performance.now() < until);
  return process.pid;
`);

test('a host is replaced after its number of runs, and no run is lost over it', async () => {
  await using it = await openTestPool({ services: { pid }, options: { hosts: 1, hostMaxRuns: 5 } });
  const used = new Set<string>();
  while (used.size < 3) {
    const end = await it.run('pid');
    expect(end.outcome).toBe('succeeded');
    used.add(end.result ?? '');
  }
});

test('a retired pool lets runs under way end, starts no new ones and leaves no process behind', async () => {
  await using it = await openTestPool({ services: { wait } });
  const pids = it.pool.hosts().map((host) => host.pid);
  const underWay = it.run('wait', { payload: '300' });
  const retired = it.pool.retire();
  expect(await it.run('wait', { payload: '0' })).toMatchObject({
    outcome: 'failed',
    error: { code: 'JOBSD_DAEMON_STOPPING' },
  });
  expect(it.pool.hasRoom('wait')).toBe(false);
  expect((await underWay).outcome).toBe('succeeded');
  await retired;
  for (const one of pids) expect(isAlive(one)).toBe(false);
});

test('closing waits only so long, and what then still runs is lost', async () => {
  await using it = await openTestPool({ services: { wait, spin } });
  const runs = [
    it.run('wait', { payload: '60000' }),
    it.run('spin', { payload: '60000', timeoutMs: 60_000 }),
  ];
  await it.pool.close(200);
  for (const end of await Promise.all(runs)) {
    expect(end).toMatchObject({ outcome: 'lost', error: { code: 'JOBSD_HOST_DIED' } });
  }
  expect(it.pool.hosts()).toEqual([]);
});

test('a closed pool leaves no timer behind that would keep the process from ending', async () => {
  const { clock, pendingCount } = countingClock();
  await using it = await openTestPool({ services: { pid, spin }, options: { clock } });
  // Long enough for the pool to give that service a host of its own.
  await it.run('spin', { payload: '1000' });
  await Promise.all([it.run('spin', { payload: '1' }), it.run('pid')]);
  await it.pool.close(2000);
  expect(pendingCount()).toBe(0);
});

/** The machine's clock, and how many of its timers have yet to go off. */
function countingClock(): { clock: Clock; pendingCount: () => number } {
  const pending = new Set<symbol>();
  const after: Clock['after'] = (delayMs, callback) => {
    const timer = Symbol('timer');
    pending.add(timer);
    const cancel = systemClock.after(delayMs, () => {
      pending.delete(timer);
      callback();
    });
    return () => {
      pending.delete(timer);
      cancel();
    };
  };
  return { clock: { ...systemClock, after }, pendingCount: () => pending.size };
}

test('a host killed from outside loses its runs and is replaced', async () => {
  await using it = await openTestPool({ services: { pid, wait } });
  const request = aRequest('wait', { payload: '60000' });
  const ended = it.run('wait', request);
  const host = it.pool.hosts().find(({ runs }) => runs === 1);
  process.kill(host?.pid ?? 0, 'SIGKILL');
  const end = await ended;
  expect(end).toMatchObject({ outcome: 'lost', error: { code: 'JOBSD_HOST_DIED' } });
  expect(end.error?.message).toContain('SIGKILL');
  for (let count = 0; count < 10; count += 1) {
    expect((await it.run('pid')).outcome).toBe('succeeded');
  }
  expect(it.pool.hosts().map(({ pid: one }) => one)).not.toContain(host?.pid);
});

test('what was handed to a host that got stuck before it began runs elsewhere, once', async () => {
  const spinUntil = `import { existsSync } from 'node:fs';
    ${service('while (!existsSync(this.request.input)); return process.pid;')}`;
  await using it = await openTestPool({
    services: { pid, spin: spinUntil },
    options: { hosts: 1, spareHosts: 1 },
  });
  await it.run('pid');
  await it.run('spin', { payload: JSON.stringify(it.root) });
  const gate = join(it.root, 'gate');
  const stuck = it.run('spin', { payload: JSON.stringify(gate) });
  const requests = Array.from({ length: 50 }, () => aRequest('pid'));
  for (const request of requests) it.pool.start(request);
  const others = await Promise.all(requests.slice(0, 5).map(({ id }) => endOf(it.ends, id, it)));
  expect(it.ends.filter(({ id }) => id.startsWith('spin'))).toHaveLength(1);
  await writeFile(gate, '');
  const spun = await stuck;
  for (const end of others) {
    expect(end.outcome).toBe('succeeded');
    expect(end.result).not.toBe(spun.result);
  }
  await it.untilEnds(53);
  const ids = it.ends.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(53);
});

test('services that wait for other services do not use up the room those need', async () => {
  const caller = service('return this.invoke("leaf");');
  await using it = await openTestPool({
    services: { caller, leaf: service('return "leaf";') },
    options: {
      hosts: 1,
      hostConcurrency: 2,
      invoke: async () => (await it.run('leaf')).result,
    },
  });
  const ends = await Promise.all(Array.from({ length: 8 }, () => it.run('caller')));
  for (const end of ends) expect(end.result).toBe('"leaf"');
});

test('a host program that cannot start is told, with what it wrote', async () => {
  const opening = openTestPool({
    services: { pid },
    options: { entry: { url: pathToFileURL('/nowhere/host-main.ts'), nodeOptions: [] } },
  });
  await expect(opening).rejects.toMatchObject({
    code: 'JOBSD_HOST_DIED',
    message: expect.stringContaining('/nowhere/host-main.ts'),
  });
});

test.each([
  ['forks', 'while a service spins', {}, 'while (true);'],
  ['forks that left its group', 'while a service spins', { detached: true }, 'while (true);'],
  ['forks that left its group', 'while a service waits', { detached: true }, 'await never;'],
])('a host dies with its daemon and takes its %s along, %s', async (_what, _when, how, work) => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const fork = `process.on('SIGTERM', () => {}); require('node:net').connect(${port}); setInterval(() => {}, 1000)`;
  const root = await makeProject({
    services: {
      spins: `import { spawn } from 'node:child_process';
        import { once } from 'node:events';
        import { connect } from 'node:net';
        import { Service } from 'jobsd';
        export default class extends Service {
          async handle() {
            await once(connect(${port}), 'connect');
            spawn(process.execPath, ['-e', ${JSON.stringify(fork)}], { stdio: 'ignore', ...${JSON.stringify(how)} });
            const never = new Promise(() => {});
            ${work}
          }
        }`,
    },
    files: { 'daemon.ts': daemonProgram },
  });
  const sockets: Socket[] = [];
  const bothConnected = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      sockets.push(socket.resume().on('error', () => {}));
      if (sockets.length === 2) resolve();
    });
  });
  const daemon = spawn(process.execPath, ['--conditions=jobsd-source', `${root}/daemon.ts`, root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void daemon.kill('SIGKILL'));
  await bothConnected;
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  daemon.kill('SIGKILL');
  await closed;
  server.close();
  await rm(root, { recursive: true });
});

const daemonProgram = `
import { openHostPool } from '${repository}/src/host/host-pool.ts';
import { systemClock } from '${repository}/src/clock/system-clock.ts';
const place = { file: 'x', line: 1, column: 1, endColumn: 2 };
const pool = await openHostPool({
  root: process.argv[2],
  services: new Map([['spins', { name: 'spins', module: 'spins.ts', export: 'default', place }]]),
  endpoints: new Map(), hosts: 1, hostConcurrency: 1, hostMemoryMb: 128, hostMaxRuns: 10,
  clock: systemClock, keyValues: {}, invoke: async () => undefined, redact: (text) => text,
  events: { ended() {}, logged() {}, roomAgain() {} },
});
pool.start({ id: 'spins@1', attempt: 1, service: 'spins', cid: 'c', channel: 'cli', timeoutMs: 600000, graceMs: 1 });
`;

async function endOf(
  ends: readonly { id: string; outcome: string; result?: string }[],
  id: string,
  it: { untilEnds(count: number): Promise<void> },
) {
  for (;;) {
    const found = ends.find((end) => end.id === id);
    if (found !== undefined) return found;
    await it.untilEnds(ends.length + 1);
  }
}

function isAlive(one: number): boolean {
  try {
    process.kill(one, 0);
    return true;
  } catch {
    return false;
  }
}
