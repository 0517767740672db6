import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import { builtInServices } from '../../src/config/built-in-services.ts';
import type { ResolvedEndpoint } from '../../src/endpoint/endpoint-settings.ts';
import type { RunEnd, RunRequest } from '../../src/host/executor.ts';
import { builtIns } from '../../src/service/built-in/built-ins.ts';
import { createBuiltInExecutor } from '../../src/service/built-in-executor.ts';
import { startHttpServer } from '../endpoint/http-server.ts';
import { startMailServer } from '../endpoint/mail-server.ts';
import { aRequest } from '../host/open-test-pool.ts';

function open(endpoints: Record<string, ResolvedEndpoint> = {}) {
  const batches: (readonly RunEnd[])[] = [];
  const lines: string[] = [];
  const waiting = new Map<string, (end: RunEnd) => void>();
  const executor = createBuiltInExecutor({
    endpoints: new Map(Object.entries(endpoints)),
    clock: systemClock,
    redact: (text) => text.replaceAll('hunter2', '***'),
    events: {
      ended: (ends) => {
        batches.push(ends);
        for (const end of ends) waiting.get(end.id)?.(end);
      },
      logged: (_, some) => lines.push(...some.map((line) => `${line.level}: ${line.text}`)),
      roomAgain: () => {},
    },
  });
  onTestFinished(() => executor.close(100));
  const run = (service: string, input?: unknown, request: Partial<RunRequest> = {}) =>
    new Promise<RunEnd>((resolve) => {
      const payload = input === undefined ? {} : { payload: JSON.stringify(input) };
      const full = aRequest(service, { ...payload, ...request });
      waiting.set(full.id, resolve);
      executor.start(full);
    });
  return { executor, run, batches, lines };
}

test('every built-in service that may be named is there', () => {
  expect(Object.keys(builtIns).sort()).toEqual([...builtInServices].sort());
});

test('jobsd.ping answers and jobsd.echo gives back its payload', async () => {
  const { run } = open();
  expect(await run('jobsd.ping')).toMatchObject({ outcome: 'succeeded', result: '"pong"' });
  expect(await run('jobsd.echo', { a: [1, 'hunter2'] })).toMatchObject({
    result: '{"a":[1,"***"]}',
  });
  expect(await run('jobsd.echo')).not.toHaveProperty('result');
});

test('jobsd.log-input writes its payload to the log of the run', async () => {
  const { run, lines } = open();
  await run('jobsd.log-input', { key: 'newest', token: 'hunter2' });
  expect(lines).toEqual(['info: {"key":"newest","token":"***"}']);
});

test('ends are told in few calls, each short enough to let in what is due', async () => {
  const { executor, run, batches } = open();
  const requests = Array.from({ length: 999 }, () => aRequest('jobsd.ping'));
  for (const request of requests) executor.start(request);
  const last = await run('jobsd.ping');
  expect(batches.flat().map(({ id }) => id)).toEqual([...requests.map(({ id }) => id), last.id]);
  expect(batches.length).toBeLessThan(16);
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(128);
});

test('ends that have not been told are told before the executor has closed', async () => {
  const { executor, batches } = open();
  for (let count = 0; count < 1000; count += 1) executor.start(aRequest('jobsd.ping'));
  await executor.close(1000);
  expect(batches.flat()).toHaveLength(1000);
});

test('jobsd.http-request calls an endpoint or a URL', async () => {
  await using server = await startHttpServer((seen, response) => {
    if (seen.url === '/busy') response.writeHead(429, { 'retry-after': '3' }).end();
    else response.end(seen.method === 'GET' ? 'plain' : seen.body);
  });
  const { run } = open({ Source: { type: 'rest', settings: { url: server.url } } });
  const got = await run('jobsd.http-request', { endpoint: 'Source', path: '/x', params: { a: 1 } });
  expect(JSON.parse(got.result ?? '')).toEqual({ status: 200, body: 'plain' });
  expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/x?a=1' });
  const posted = await run('jobsd.http-request', {
    url: `${server.url}/y?z=1`,
    method: 'post',
    headers: { 'X-Team': 'ops' },
    body: { b: 2 },
  });
  expect(JSON.parse(posted.result ?? '')).toEqual({ status: 200, body: { b: 2 } });
  expect(server.seen[1]).toMatchObject({ url: '/y?z=1', headers: { 'x-team': 'ops' } });
  expect(await run('jobsd.http-request', { endpoint: 'Source', path: '/busy' })).toMatchObject({
    outcome: 'failed',
    error: { code: 'JOBSD_ENDPOINT_FAILED' },
    retry: { afterMs: 3000 },
  });
});

test('jobsd.send-mail sends a mail with attachments', async () => {
  await using server = await startMailServer();
  const { run } = open({
    Mail: { type: 'smtp', settings: { url: server.url, from: 'jobs@example.com' } },
  });
  const end = await run('jobsd.send-mail', {
    endpoint: 'Mail',
    to: ['ann@example.com'],
    subject: 'New data',
    text: 'See attachment',
    attachments: [
      { name: 'a.txt', content: 'text' },
      { name: 'b.json', content: { c: 1 } },
    ],
  });
  expect(end.outcome).toBe('succeeded');
  expect(JSON.parse(end.result ?? '').messageId).toMatch(/^<.*@jobsd>$/);
  expect(server.mails[0]).toMatchObject({ subject: 'New data', recipients: ['ann@example.com'] });
  expect(server.mails[0]?.attachments.map(({ filename }) => filename)).toEqual(['a.txt', 'b.json']);
});

test.each([
  ['jobsd.http-request', undefined, 'must be a map'],
  ['jobsd.http-request', {}, 'either "endpoint" or "url"'],
  ['jobsd.http-request', { url: 'http://127.0.0.1:1', methd: 'GET' }, 'It has no "methd"'],
  ['jobsd.http-request', { url: 'http://127.0.0.1:1', method: 'BREW' }, '"method" must be one of'],
  ['jobsd.http-request', { endpoint: 'Nowhere' }, 'no rest endpoint "Nowhere"'],
  ['jobsd.send-mail', { endpoint: 'Nowhere', to: 'a@b', subject: 's' }, 'no smtp endpoint'],
  ['jobsd.send-mail', { endpoint: 'Nowhere', to: 'a@b' }, '"subject" is needed'],
])('%s refuses %j with the way out', async (service, input, message) => {
  const end = await open().run(service, input);
  expect(end.outcome).toBe('failed');
  expect(end.error?.message).toContain(message);
});

test('a request under way ends at its timeout and when it is cancelled', async () => {
  await using server = await startHttpServer(() => {});
  const { executor, run } = open();
  const input = { url: server.url };
  expect(await run('jobsd.http-request', input, { timeoutMs: 30 })).toMatchObject({
    outcome: 'timed-out',
    error: { name: 'TimeoutError' },
  });
  const ended = run('jobsd.http-request', input, { id: 'to-cancel@1' });
  executor.cancel('to-cancel@1', 'asked by ann');
  expect(await ended).toMatchObject({ outcome: 'cancelled', error: { message: 'asked by ann' } });
});

test('closing waits for what is under way and gives up the rest as lost', async () => {
  await using server = await startHttpServer(() => {});
  const { executor, run } = open();
  const ended = run('jobsd.http-request', { url: server.url });
  await executor.close(20);
  expect(await ended).toMatchObject({ outcome: 'lost' });
});

test('there is no room for more requests than may be open', async () => {
  await using server = await startHttpServer(() => {});
  const { executor } = open();
  const payload = JSON.stringify({ url: server.url });
  let started = 0;
  for (; executor.hasRoom('jobsd.http-request') && started < 1000; started += 1) {
    executor.start(aRequest('jobsd.http-request', { payload }));
  }
  expect(started).toBe(200);
});

test('an unknown service fails its run', async () => {
  expect(await open().run('jobsd.nothing')).toMatchObject({
    outcome: 'failed',
    error: { code: 'JOBSD_SERVICE_NOT_FOUND' },
  });
});
