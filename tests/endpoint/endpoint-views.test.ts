import { expect, test } from 'vitest';
import { restClients, smtpSenders } from '../../src/endpoint/endpoint-views.ts';

const all = new Map([
  ['My Data Source', { type: 'rest', settings: { url: 'http://127.0.0.1:1' } }],
  ['My SMTP', { type: 'smtp', settings: { url: 'smtp://127.0.0.1:1' } }],
]);
const call = { cid: 'c', signal: new AbortController().signal, nextKey: () => 'k' };

test('an unknown endpoint is named with the nearest one', () => {
  expect(() => restClients({ all }, call)['My Data Sorce']).toThrow(
    expect.objectContaining({
      code: 'JOBSD_ENDPOINT_NOT_FOUND',
      message: expect.stringContaining('did you mean "My Data Source"?'),
    }),
  );
});

test('an endpoint of another type is named as what it is', () => {
  expect(() => smtpSenders({ all }, call)['My Data Source']).toThrow(/is of type rest, not smtp/);
});

test('a service uses only the endpoints it declares', () => {
  const access = { all, allowed: ['My SMTP'] };
  expect(() => restClients(access, call)['My Data Source']).toThrow(
    /its "endpoints" do not list it/,
  );
  expect(smtpSenders(access, call)['My SMTP']).toBeDefined();
});
