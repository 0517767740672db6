import { afterAll, beforeAll, expect, test } from 'vitest';
import { aRequest, openTestPool, service, type TestPool } from './open-test-pool.ts';

let it: TestPool;

beforeAll(async () => {
  it = await openTestPool({
    services: {
      echo: service('return { input: this.request.input, raw: this.request.rawRequest };'),
      nothing: service(''),
      about: service(
        'return { cid: this.cid, channel: this.channel, job: this.job, run: this.run };',
      ),
      store: service(`
        await this.kvdb.set('text', 'plain');
        await this.kvdb.set('made', { deep: [1, 2] });
        const counted = [await this.kvdb.increment('n'), await this.kvdb.increment('n', 4)];
        const keys = await this.kvdb.keys();
        const removed = [await this.kvdb.delete('text'), await this.kvdb.delete('text')];
        return [await this.kvdb.get('text') ?? 'gone', await this.kvdb.getJson('made'), counted, keys, removed];
      `),
      many: service(`
        await Promise.all(Array.from({ length: 500 }, () => this.kvdb.increment('many')));
        return this.kvdb.get('many');
      `),
      caller: service('return this.invoke("other", { a: 1 });'),
      starter: service('return this.invokeAsync("other");'),
      failing: service('throw Object.assign(new TypeError("no such thing"), { code: "E_THING" });'),
      never: service('throw Object.assign(new Error("give up"), { retryable: false });'),
      later: service('throw Object.assign(new Error("busy"), { retryAfterMs: 1500 });'),
      permanent: `import { PermanentError, Service } from 'jobsd';
        export default class extends Service { handle() { throw new PermanentError('wrong input'); } }`,
      chatty: service(`
        const mark = this.request.input;
        for (let turn = 0; turn < 20; turn += 1) {
          console.log(mark);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
        }
      `),
      talks: service(`
        this.logger.debug('one', { two: 2 });
        console.warn('three');
        process.stdout.write('four\\n');
        process.stderr.write('five');
      `),
      secret: service('console.log("token is hunter2"); throw new Error("hunter2 refused");'),
      checked: service('return "fine";'),
    },
    declared: {
      checked: {
        input: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
    options: {
      invoke: async (name, payload, from) => {
        if (name === 'other') return JSON.stringify({ payload: JSON.parse(payload), ...from });
        throw new Error('unexpected');
      },
      redact: (text) => text.replaceAll('hunter2', '***'),
    },
  });
});
afterAll(() => it[Symbol.asyncDispose]());

test('a service gets its payload and what it returns is the result', async () => {
  const end = await it.run('echo', { payload: '{"a":[1,2]}' });
  expect(end).toMatchObject({ outcome: 'succeeded', attempt: 1 });
  expect(JSON.parse(end.result ?? '')).toEqual({ input: { a: [1, 2] }, raw: '{"a":[1,2]}' });
});

test('a service that returns nothing succeeds without a result', async () => {
  const end = await it.run('nothing');
  expect(end.outcome).toBe('succeeded');
  expect(end).not.toHaveProperty('result');
});

test('a service sees its run, its job, its channel and the correlation id', async () => {
  const job = { name: 'j', type: 'cron', nominalAt: 5, attempt: 2, runNumber: 7 } as const;
  const request = aRequest('about', { attempt: 2, job, channel: 'cli' });
  const end = await it.run('about', request);
  expect(JSON.parse(end.result ?? '')).toEqual({
    cid: request.cid,
    channel: 'cli',
    job,
    run: { id: request.id, attempt: 2 },
  });
});

test('a service reads and writes the key-value store', async () => {
  const end = await it.run('store');
  expect(JSON.parse(end.result ?? '')).toEqual([
    'gone',
    { deep: [1, 2] },
    [1, 5],
    ['made', 'n', 'text'],
    [true, false],
  ]);
});

test('more calls at once than may be open are all answered', async () => {
  expect((await it.run('many')).result).toBe('"500"');
});

test('a service has another one run, with and without waiting for it', async () => {
  const request = aRequest('caller');
  const called = await it.run('caller', request);
  expect(JSON.parse(called.result ?? '')).toEqual({
    payload: { a: 1 },
    cid: request.cid,
    run: request.id,
    wait: true,
  });
  expect((await it.run('starter')).outcome).toBe('succeeded');
});

test('what a service throws becomes a bounded, plain error', async () => {
  const end = await it.run('failing');
  expect(end.outcome).toBe('failed');
  expect(end.error).toMatchObject({ name: 'TypeError', message: 'no such thing', code: 'E_THING' });
  expect(end.error?.stack).toContain('failing.ts');
});

test('an error says whether another attempt makes sense', async () => {
  expect((await it.run('never')).retry).toEqual({ never: true });
  expect((await it.run('permanent')).retry).toEqual({ never: true });
  expect((await it.run('later')).retry).toEqual({ afterMs: 1500 });
  expect(await it.run('failing')).not.toHaveProperty('retry');
});

test('log lines of parallel runs never cross', async () => {
  const marks = Array.from({ length: 16 }, (_, index) => `mark-${index}`);
  const requests = marks.map((mark) => aRequest('chatty', { payload: JSON.stringify(mark) }));
  await Promise.all(requests.map((request) => it.run('chatty', request)));
  for (const [index, request] of requests.entries()) {
    expect(it.logged(request.id)).toEqual(Array(20).fill(`info: ${marks[index]}`));
  }
});

test('everything a service prints goes to the log of its run', async () => {
  const request = aRequest('talks');
  await it.run('talks', request);
  expect(it.logged(request.id)).toEqual([
    'debug: one { two: 2 }',
    'warn: three',
    'info: four',
    'error: five',
  ]);
});

test('secrets are taken out of log lines and errors', async () => {
  const request = aRequest('secret');
  const end = await it.run('secret', request);
  expect(end.error?.message).toBe('*** refused');
  expect(end.error?.stack).not.toContain('hunter2');
  expect(it.logged(request.id)).toEqual(['info: token is ***']);
});

test('an input that does not fit the declared schema is refused and not tried again', async () => {
  expect((await it.run('checked', { payload: '{"name":"x"}' })).result).toBe('"fine"');
  const end = await it.run('checked', { payload: '{"name":5}' });
  expect(end).toMatchObject({
    outcome: 'failed',
    error: { code: 'JOBSD_INPUT_INVALID' },
    retry: { never: true },
  });
  expect(end.error?.message).toContain('/name must be string');
});

test('an unknown service fails its run', async () => {
  const end = await it.run('not-declared');
  expect(end).toMatchObject({ outcome: 'failed', error: { code: 'JOBSD_SERVICE_NOT_FOUND' } });
});

test('thousands of runs handed over at once all end exactly once', async () => {
  const requests = Array.from({ length: 3000 }, () => aRequest('nothing'));
  for (const request of requests) it.pool.start(request);
  await it.untilEnds(it.ends.length + requests.length);
  const ids = it.ends.map((end) => end.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(requests.map((request) => request.id)));
});
