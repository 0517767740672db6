import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aRequest, openTestPool, service, type TestPool } from './open-test-pool.ts';

const never = 'await new Promise(() => {});';

let it: TestPool;

beforeAll(async () => {
  it = await openTestPool({
    services: {
      fine: service('return Array.from([1, 2]).map(String).join("-");'),
      wait: service(
        'await new Promise((resolve) => setTimeout(resolve, this.request.input)); return "waited";',
      ),
      spins: service('console.log("about to spin"); while (true);'),
      'spins-later': service('await this.kvdb.get("x"); while (true);'),
      exits: service('process.exit(3);'),
      'exits-quietly': service('try { process.exit(0); } catch {} return "still here";'),
      'throws-late': service(
        'setTimeout(() => { throw new Error("too late"); }, 5); return "returned";',
      ),
      'throws-meanwhile': service(
        `setTimeout(() => { throw new Error("meanwhile"); }, 5); ${never}`,
      ),
      rejects: service(`Promise.reject(new Error("nobody cares")); ${never}`),
      'heap-bomb': service(
        'const kept = []; for (;;) kept.push(new Array(100_000).fill(Math.random()));',
      ),
      'buffer-bomb': service(`
        const kept = [];
        for (;;) { kept.push(Buffer.alloc(64 * 1024 * 1024, 1)); await this.kvdb.get("x"); }
      `),
      segfaults: service(`process.kill(process.pid, 'SIGSEGV'); ${never}`),
      aborts: service('process.abort();'),
      'ignores-sigterm': service(`process.kill(process.pid, 'SIGTERM'); ${never}`),
      'ignores-abort': service(`this.signal.addEventListener('abort', () => {}); ${never}`),
      'heeds-abort': service(`
        await new Promise((_, reject) =>
          this.signal.addEventListener('abort', () => reject(this.signal.reason)));
      `),
      'returns-after-abort': service(`
        await new Promise((resolve) => this.signal.addEventListener('abort', resolve));
        return 'a late result';
      `),
      floods: service(
        'for (let line = 0; line < 200_000; line += 1) console.log("x".repeat(5000));',
      ),
      'long-line': service('console.log("y".repeat(1_000_000));'),
      cyclic: service('const made = {}; made.self = made; return made;'),
      bigint: service('return { big: 10n };'),
      'throwing-getter': service('return { get it() { throw new Error("no"); } };'),
      huge: service('return "z".repeat(10_000_000);'),
      'throws-proxy': service(`
        throw new Proxy({}, { get() { throw new Error("trap"); }, ownKeys() { throw new Error("trap"); } });
      `),
      'throws-nothing': service('throw undefined;'),
      tampers: service(`
        globalThis.Date = class {};
        globalThis.Promise = undefined;
        JSON.stringify = () => 'x';
        JSON.parse = () => 'x';
        Array.prototype.push = () => 1;
        Array.prototype.toJSON = () => 'not a list';
        Object.prototype.toJSON = () => 'not a map';
        String.prototype.slice = () => '';
        String.prototype.indexOf = () => -1;
        Map.prototype.get = () => undefined;
        process.chdir('/');
        return 5;
      `),
      where: service('return process.cwd();'),
      forks: `import { spawn } from 'node:child_process';
        import { Service } from 'jobsd';
        const program = 'require("node:net").connect(+process.argv[1]); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';
        export default class extends Service {
          async handle() {
            const { port, command, ...options } = this.request.input;
            const node = [process.execPath, '-e', program, String(port)];
            const [file, ...args] = [...(command ?? []), ...node];
            spawn(file, args, options);
            ${never}
          }
        }`,
      'breaks-the-channel': `import { writeSync } from 'node:fs';
        import { Service } from 'jobsd';
        export default class extends Service { async handle() { writeSync(3, 'nonsense\\n'); ${never} } }`,
    },
    options: { hostMemoryMb: 128 },
  });
});
afterAll(() => it[Symbol.asyncDispose]());

/** Ends the service in question, while a steady stream of other runs must all be fine. */
async function endsWhileOthersRun(name: string, request: Parameters<typeof aRequest>[1] = {}) {
  // With one host alone the others would share it, and its end.
  await it.untilHosts(2);
  let isOver = false;
  const others = (async () => {
    while (!isOver) expect((await it.run('fine')).result).toBe('"1-2"');
  })();
  const end = await it.run(name, request);
  isOver = true;
  await others;
  return end;
}

test('an endless loop is timed out and delays nobody', async () => {
  const end = await endsWhileOthersRun('spins', { timeoutMs: 300 });
  expect(end).toMatchObject({ outcome: 'timed-out', error: { name: 'TimeoutError' } });
});

test('what is logged before an endless loop is told while it lasts', async () => {
  const request = aRequest('spins', { graceMs: 1 });
  const ended = it.run('spins', request);
  await it.logs(request.id, 'about to spin');
  it.pool.cancel(request.id, 'enough');
  expect((await ended).outcome).toBe('cancelled');
  expect(it.logged(request.id)).toEqual(['info: about to spin']);
});

test('an endless loop after an await is timed out too', async () => {
  const end = await endsWhileOthersRun('spins-later', { timeoutMs: 300 });
  expect(end.outcome).toBe('timed-out');
});

test('process.exit() fails the run that calls it and leaves the host alone', async () => {
  const neighbours = [it.run('wait', { payload: '200' }), it.run('wait', { payload: '200' })];
  expect(await it.run('exits')).toMatchObject({
    outcome: 'failed',
    error: { message: 'The service called process.exit(3).' },
  });
  expect((await it.run('exits-quietly')).outcome).toBe('failed');
  for (const end of await Promise.all(neighbours)) expect(end.result).toBe('"waited"');
});

test('an error thrown after the return does not change how the run ended', async () => {
  const request = aRequest('throws-late');
  const end = await it.run('throws-late', request);
  expect(end).toMatchObject({ outcome: 'succeeded', result: '"returned"' });
  await it.logs(request.id, 'too late');
});

test('an error nobody caught fails the run it comes from, not its neighbours', async () => {
  const neighbours = Array.from({ length: 6 }, () => it.run('wait', { payload: '300' }));
  const [thrown, rejected] = await Promise.all([it.run('throws-meanwhile'), it.run('rejects')]);
  expect(thrown).toMatchObject({ outcome: 'failed', error: { message: 'meanwhile' } });
  expect(rejected).toMatchObject({ outcome: 'failed', error: { message: 'nobody cares' } });
  for (const end of await Promise.all(neighbours)) expect(end.outcome).toBe('succeeded');
});

test.each(['heap-bomb', 'buffer-bomb'])(
  'a %s fails by itself and gives its memory back',
  async (name) => {
    const end = await endsWhileOthersRun(name);
    expect(['failed', 'lost']).toContain(end.outcome);
    expect(end.error).toMatchObject({ code: 'JOBSD_HOST_DIED' });
    expect(end.error?.message).toContain('128 MB');
  },
);

test.each([
  ['segfaults', 'SIGSEGV'],
  ['aborts', 'SIGABRT'],
])(
  'a host that dies of what a service does (%s) loses its runs with the reason',
  async (name, signal) => {
    const end = await endsWhileOthersRun(name);
    expect(end).toMatchObject({ outcome: 'lost', error: { code: 'JOBSD_HOST_DIED' } });
    expect(end.error?.message).toContain(signal);
  },
);

test('a service that ignores SIGTERM and the abort signal is killed after its grace', async () => {
  for (const name of ['ignores-sigterm', 'ignores-abort']) {
    const end = await it.run(name, { timeoutMs: 200, graceMs: 50 });
    expect(end.outcome).toBe('timed-out');
  }
});

test('a service that heeds the abort signal ends within its grace, and its host lives on', async () => {
  const before = it.pool.hosts().map(({ pid }) => pid);
  const heeded = await it.run('heeds-abort', { timeoutMs: 100, graceMs: 10_000 });
  expect(heeded.outcome).toBe('timed-out');
  const late = await it.run('returns-after-abort', { timeoutMs: 100, graceMs: 10_000 });
  expect(late.outcome).toBe('timed-out');
  expect(late).not.toHaveProperty('result');
  const after = it.pool.hosts().map(({ pid }) => pid);
  expect(after.filter((pid) => before.includes(pid)).length).toBeGreaterThanOrEqual(2);
});

test('a cancelled run ends as cancelled, with the reason', async () => {
  const request = aRequest('heeds-abort', { graceMs: 10_000 });
  const ended = it.run('heeds-abort', request);
  it.pool.cancel(request.id, 'asked by ann');
  expect(await ended).toMatchObject({
    outcome: 'cancelled',
    error: { message: 'asked by ann' },
  });
  it.pool.cancel(request.id, 'again');
  it.pool.cancel('nobody@manual-1', 'unknown');
});

test('a gigabyte of output is cut to the bound of a run', async () => {
  const request = aRequest('floods');
  const end = await endsWhileOthersRun('floods', request);
  expect(end.outcome).toBe('succeeded');
  const lines = it.logged(request.id);
  expect(lines.join('').length).toBeLessThan(300 * 1024);
  expect(lines.at(-1)).toBe('warn: This run logged too much: further lines are left out.');
  const long = aRequest('long-line');
  await it.run('long-line', long);
  expect(it.logged(long.id)[0]?.length).toBeLessThan(10_000);
});

test.each(['cyclic', 'bigint', 'throwing-getter'])(
  'a result without JSON (%s) is left out with a warning',
  async (name) => {
    const request = aRequest(name);
    const end = await it.run(name, request);
    expect(end.outcome).toBe('succeeded');
    expect(end).not.toHaveProperty('result');
    expect(it.logged(request.id)[0]).toMatch(/^warn: The result is not kept/);
  },
);

test('a huge result is kept as its beginning, with a mark', async () => {
  const end = await it.run('huge');
  const kept = JSON.parse(end.result ?? '');
  expect(kept).toMatchObject({ truncated: true, length: 10_000_002 });
  expect(kept.head).toMatch(/^"zzz/);
});

test('whatever is thrown becomes an error', async () => {
  expect(await it.run('throws-proxy')).toMatchObject({ outcome: 'failed' });
  expect(await it.run('throws-nothing')).toMatchObject({
    outcome: 'failed',
    error: { message: 'undefined' },
  });
});

test('a service that changes globals, prototypes and the directory ends well and its host is replaced', async () => {
  const request = aRequest('tampers');
  const end = await it.run('tampers', request);
  expect(end).toMatchObject({ outcome: 'succeeded' });
  expect(it.logged(request.id)[0]).toMatch(/Date, Promise.*JSON.stringify.*the working directory/);
  for (let count = 0; count < 20; count += 1) {
    expect(JSON.parse((await it.run('where')).result ?? '')).toContain('jobsd-host-');
    expect((await it.run('fine')).result).toBe('"1-2"');
  }
});

test.each([
  ['a fork', { stdio: 'inherit' }],
  ['a fork in a session of its own', { stdio: 'ignore', detached: true }],
  [
    'a fork of a fork, that is a child of nobody',
    { stdio: 'ignore', command: ['sh', '-c', 'setsid "$@" &', 'sh'] },
  ],
])('what a service has started ends with it: %s', async (name, how) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ended = it.run('forks', {
    payload: JSON.stringify({ port, ...how }),
    timeoutMs: 60_000,
    graceMs: 0,
    id: `forks@${name}`,
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  const closed = once(
    socket.resume().on('error', () => {}),
    'close',
  );
  it.pool.cancel(`forks@${name}`, 'enough');
  await closed;
  expect((await ended).outcome).toBe('cancelled');
  server.close();
});

test('a service that writes nonsense to the channel loses its host, and only that', async () => {
  const end = await endsWhileOthersRun('breaks-the-channel');
  expect(end).toMatchObject({ outcome: 'lost', error: { code: 'JOBSD_HOST_DIED' } });
});

test('after all of that the pool is whole', async () => {
  const ends = await Promise.all(Array.from({ length: 100 }, () => it.run('fine')));
  for (const end of ends) expect(end.outcome).toBe('succeeded');
  const ids = it.ends.map((end) => `${end.id} ${end.attempt}`);
  expect(new Set(ids).size).toBe(ids.length);
});
