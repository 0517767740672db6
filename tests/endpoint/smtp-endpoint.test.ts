import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { EndpointCall } from '../../src/endpoint/endpoint-call.ts';
import { smtpSender } from '../../src/endpoint/smtp-endpoint.ts';
import { RunKeys } from '../../src/service/run-keys.ts';
import { SmtpMessage } from '../../src/service/smtp-message.ts';
import { startMailServer } from './mail-server.ts';

function call(runId = 'a b@20261120T170000Z', signal = new AbortController().signal): EndpointCall {
  const keys = new RunKeys(runId);
  return { cid: 'cid-1', signal, nextKey: (kind) => keys.next(kind) };
}

function sender(settings: object, forCall = call()) {
  return smtpSender(
    'Mail',
    { type: 'smtp', settings: { from: 'jobs@example.com', ...settings } },
    forCall,
  );
}

test('a message arrives with its recipients, texts and attachments', async () => {
  await using server = await startMailServer();
  const message = new SmtpMessage({
    to: ['ann@example.com', 'Ben <ben@example.com>'],
    cc: 'cc@example.com',
    bcc: 'bcc@example.com',
    subject: 'Grüße',
    text: 'plain',
    html: '<b>rich</b>',
  })
    .attach('data.txt', 'some text ü')
    .attach('data.bin', new Uint8Array([0, 255, 10]));
  await sender({ url: server.url }).send(message);
  const [mail] = server.mails;
  expect(mail).toMatchObject({ subject: 'Grüße', from: { address: 'jobs@example.com' } });
  expect(mail?.recipients).toEqual([
    'ann@example.com',
    'ben@example.com',
    'cc@example.com',
    'bcc@example.com',
  ]);
  expect([mail?.text?.trim(), mail?.html?.trim(), mail?.bcc]).toEqual([
    'plain',
    '<b>rich</b>',
    undefined,
  ]);
  expect(mail?.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
    ['data.txt', 'text/plain'],
    ['data.bin', 'application/octet-stream'],
  ]);
  expect(new Uint8Array(mail?.attachments[1]?.content as ArrayBuffer)).toEqual(
    new Uint8Array([0, 255, 10]),
  );
});

test('the Message-ID is made of the run, another one for each mail, the same in each attempt', async () => {
  await using server = await startMailServer();
  const message = new SmtpMessage({ to: 'ann@example.com', subject: 's', from: 'me@example.com' });
  for (const attempt of [sender({ url: server.url }), sender({ url: server.url })]) {
    await attempt.send(message);
    expect(await attempt.send(message)).toEqual({
      messageId: '<a%20b%4020261120T170000Z.2@jobsd>',
    });
  }
  const ids = server.mails.map(({ messageId }) => messageId);
  expect(ids.slice(0, 2)).toEqual([
    '<a%20b%4020261120T170000Z@jobsd>',
    '<a%20b%4020261120T170000Z.2@jobsd>',
  ]);
  expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  expect(server.mails[0]?.from?.address).toBe('me@example.com');
});

test('header lines cannot be smuggled in through a subject', async () => {
  await using server = await startMailServer();
  await sender({ url: server.url }).send(
    new SmtpMessage({ to: 'ann@example.com', subject: 'hi\r\nBcc: eve@example.com' }),
  );
  expect(server.mails[0]?.recipients).toEqual(['ann@example.com']);
  expect(server.mails[0]?.bcc).toBeUndefined();
});

test('a server that refuses is told with what it said', async () => {
  await using server = await startMailServer('mailbox is full');
  const sent = sender({ url: server.url }).send(
    new SmtpMessage({ to: 'a@example.com', subject: 's' }),
  );
  await expect(sent).rejects.toMatchObject({
    code: 'JOBSD_ENDPOINT_FAILED',
    message: expect.stringMatching(/"Mail": .*mailbox is full/),
  });
});

test('a silent server is given up after the timeout, or when the run ends', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const message = new SmtpMessage({ to: 'a@example.com', subject: 's' });
  await expect(sender({ url, timeout: '50ms' }).send(message)).rejects.toMatchObject({
    code: 'JOBSD_ENDPOINT_FAILED',
  });
  const abort = new AbortController();
  const sent = sender({ url }, call('r', abort.signal)).send(message);
  abort.abort(new Error('cancelled'));
  await expect(sent).rejects.toThrow('cancelled');
  server.close();
});

test('a message without sender or recipient is refused before anything is sent', async () => {
  expect(() => new SmtpMessage({ to: [], subject: 's' })).toThrow(
    expect.objectContaining({ code: 'JOBSD_INPUT_INVALID' }),
  );
  const settings = { url: 'smtp://127.0.0.1:1', from: undefined };
  const sent = sender(settings).send(new SmtpMessage({ to: 'a@example.com', subject: 's' }));
  await expect(sent).rejects.toMatchObject({ code: 'JOBSD_INPUT_INVALID' });
});

test('an attachment is a text or bytes', () => {
  const message = new SmtpMessage({ to: 'a@example.com', subject: 's' });
  expect(() => message.attach('x.json', { a: 1 } as unknown as string)).toThrow(/text or bytes/);
});
