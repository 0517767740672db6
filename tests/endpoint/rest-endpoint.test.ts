import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EndpointCall } from '../../src/endpoint/endpoint-call.ts';
import type { RestClient } from '../../src/endpoint/rest-client.ts';
import { restClient } from '../../src/endpoint/rest-endpoint.ts';
import { RunKeys } from '../../src/service/run-keys.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

let server: HttpServer;
let other: HttpServer;

beforeAll(async () => {
  other = await startHttpServer((_, response) => response.end('other'));
  server = await startHttpServer((seen, response) => {
    const path = seen.url.replace(/\?.*/, '');
    if (path === '/text') response.end('\uFEFFgrüße');
    else if (path === '/json') response.end('{"a":[1]}');
    else if (path === '/echo') response.end(JSON.stringify(seen));
    else if (path === '/big') response.end('x'.repeat(5000));
    else if (path === '/busy') response.writeHead(503, { 'retry-after': '7' }).end('come back');
    else if (path === '/refused') response.writeHead(403).end('no entry');
    else if (path === '/away') response.writeHead(302, { location: `${other.url}/x` }).end('away');
    else if (path === '/moved') response.writeHead(302, { location: '/json' }).end();
    else if (path === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (path === '/cut') response.destroy();
    else if (path !== '/silent') response.writeHead(404).end();
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.seen.length = 0;
  other.seen.length = 0;
});

function call(signal = new AbortController().signal): EndpointCall {
  const keys = new RunKeys('nightly@20261120T170000Z');
  return { cid: 'cid-1', signal, nextKey: (kind) => keys.next(kind) };
}

function client(settings: object = {}, forCall = call()): RestClient {
  return restClient(
    'Source',
    { type: 'rest', settings: { url: server.url, ...settings } },
    forCall,
  );
}

test('an answer can be read as text, JSON, bytes or whole', async () => {
  const rest = client();
  expect(await rest.get('/text').text()).toBe('grüße');
  expect(await rest.get('/json').json()).toEqual({ a: [1] });
  expect((await rest.get('/json').bytes()).length).toBe(9);
  const response = await rest.get('/json');
  expect([response.status, response.ok, response.text()]).toEqual([200, true, '{"a":[1]}']);
});

test('a request tells the run and the correlation id', async () => {
  const rest = client();
  await rest.get('/json');
  await rest.get('/json', { cid: 'mine' });
  expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(
    Array(2).fill('nightly@20261120T170000Z'),
  );
  expect(server.seen.map(({ headers }) => headers['x-correlation-id'])).toEqual(['cid-1', 'mine']);
});

test('two changes made by one run have different keys, and the same ones in its next attempt', async () => {
  for (const rest of [client(), client()]) {
    await rest.post('/json', { json: 1 });
    await rest.get('/json');
    await rest.delete('/json');
  }
  const run = 'nightly@20261120T170000Z';
  const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([run, run, `${run}.2`, run, run, `${run}.2`]);
});

test('bodies are sent as JSON or as they are', async () => {
  const rest = client({ headers: { 'X-Team': 'ops' } });
  await rest.post('/echo', { json: { a: 1 }, params: { page: 2 } });
  await rest.put('/echo', { body: 'plain', headers: { 'content-type': 'text/plain' } });
  await rest.patch('/echo', { body: new Uint8Array([104, 105]) });
  expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/echo?page=2', '{"a":1}'],
    ['PUT', '/echo', 'plain'],
    ['PATCH', '/echo', 'hi'],
  ]);
  expect(server.seen[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-team': 'ops',
  });
  await expect(rest.post('/echo', { json: 1, body: '2' })).rejects.toMatchObject({
    code: 'JOBSD_INPUT_INVALID',
  });
});

test.each([
  [{ auth: { basic: { username: 'ann', password: 'x' } } }, 'authorization', 'Basic YW5uOng='],
  [{ auth: { bearer: 't0ken' } }, 'authorization', 'Bearer t0ken'],
  [{ auth: { header: { name: 'X-Api-Key', value: 'k' } } }, 'x-api-key', 'k'],
])('authentication %j goes along', async (settings, header, value) => {
  await client(settings).get('/json');
  expect(server.seen[0]?.headers[header]).toBe(value);
});

test('user and password of the URL are sent as a header and never shown', async () => {
  const url = server.url.replace('//', '//ann:p%40ss@');
  const rest = client({ url });
  await rest.get('/json');
  expect(server.seen[0]?.headers.authorization).toBe(`Basic ${btoa('ann:p@ss')}`);
  await expect(rest.get('/cut')).rejects.toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('p%40ss') }),
  );
});

test('an answer outside 200 to 299 is an error unless it is asked for', async () => {
  const rest = client();
  await expect(rest.get('/refused').text()).rejects.toMatchObject({
    code: 'JOBSD_ENDPOINT_FAILED',
    status: 403,
    message: expect.stringContaining('"Source" answered 403 to GET /refused: no entry'),
  });
  const response = await rest.get('/refused', { throwOnError: false });
  expect([response.status, response.ok]).toEqual([403, false]);
});

test('Retry-After of a busy server is told to whoever decides about the next attempt', async () => {
  await expect(client().get('/busy')).rejects.toMatchObject({ status: 503, retryAfterMs: 7000 });
});

test('redirects are followed within the origin only', async () => {
  const rest = client({ auth: { bearer: 't0ken' } });
  expect(await rest.get('/moved').json()).toEqual({ a: [1] });
  await expect(rest.get('/away')).rejects.toMatchObject({ status: 302 });
  await expect(rest.get('/loop')).rejects.toMatchObject({ status: 302 });
  await expect(rest.post('/moved')).rejects.toMatchObject({ status: 302 });
  expect(other.seen).toEqual([]);
});

test('an answer is read up to its bound', async () => {
  const rest = client({ maxResponseBytes: 4999 });
  await expect(rest.get('/big').text()).rejects.toThrow(/more than 4999 bytes/);
  expect(await client({ maxResponseBytes: 5000 }).get('/big').text()).toHaveLength(5000);
});

test('a silent server is given up after the timeout of the endpoint or the request', async () => {
  const failed = {
    code: 'JOBSD_ENDPOINT_FAILED',
    message: expect.stringContaining('no answer within 30 ms'),
  };
  await expect(client({ timeout: '30ms' }).get('/silent')).rejects.toMatchObject(failed);
  await expect(client().get('/silent', { timeoutMs: 30 })).rejects.toMatchObject(failed);
});

test('ending the run ends its request, with the reason', async () => {
  const abort = new AbortController();
  const asked = client({}, call(abort.signal)).get('/silent').text();
  abort.abort(new Error('timed out'));
  await expect(asked).rejects.toThrow('timed out');
});

test('a server that is not there is told with its address', async () => {
  await other[Symbol.asyncDispose]();
  await expect(client({ url: other.url }).get('/x')).rejects.toMatchObject({
    code: 'JOBSD_ENDPOINT_FAILED',
    message: expect.stringMatching(/"Source", GET http:\/\/127.0.0.1:\d+\/x: .*ECONNREFUSED/),
  });
  other = await startHttpServer((_, response) => response.end('other'));
});

test.each([{ url: 'ftp://x' }, { url: '' }, { timeout: 'soon' }, { auth: { token: 1 } }])(
  'settings that cannot be used (%j) are an error of the configuration',
  (settings) => {
    expect(() => client(settings)).toThrow(
      expect.objectContaining({ code: 'JOBSD_CONFIG_INVALID' }),
    );
  },
);

test('a body that is not JSON is shown by its beginning', async () => {
  await expect(client().get('/big').json()).rejects.toThrow(/not JSON; it begins with "xxx/);
});
