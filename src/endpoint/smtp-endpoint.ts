import { JobsdError } from '../errors.ts';
import type { SmtpSender } from '../service/service-context.ts';
import type { SmtpMessage } from '../service/smtp-message.ts';
import type { EndpointCall } from './endpoint-call.ts';
import { EndpointError } from './endpoint-error.ts';
import { durationSetting, type ResolvedEndpoint, textSetting } from './endpoint-settings.ts';

const defaultTimeoutMs = 30_000;

/** The sender of an `smtp` endpoint for one run. Throws JOBSD_CONFIG_INVALID. */
export function smtpSender(
  name: string,
  endpoint: ResolvedEndpoint,
  call: EndpointCall,
): SmtpSender {
  const url = smtpUrl(textSetting(endpoint, 'url') ?? '');
  const from = textSetting(endpoint, 'from');
  const timeoutMs = durationSetting(endpoint, 'timeout', defaultTimeoutMs);
  return { send: (message) => send({ name, url, from, timeoutMs, call }, message) };
}

interface Sending {
  readonly name: string;
  readonly url: string;
  readonly from: string | undefined;
  readonly timeoutMs: number;
  readonly call: EndpointCall;
}

async function send(sending: Sending, message: SmtpMessage): Promise<{ messageId: string }> {
  const mail = mailOptions(sending, message);
  // Loaded at the first mail: most runs send none.
  const { createTransport } = await import('nodemailer');
  sending.call.signal.throwIfAborted();
  const transport = createTransport({
    url: sending.url,
    connectionTimeout: sending.timeoutMs,
    greetingTimeout: sending.timeoutMs,
    socketTimeout: sending.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await untilAborted(transport.sendMail(mail), sending.call.signal);
    return { messageId: mail.messageId };
  } catch (cause) {
    if (sending.call.signal.aborted) throw sending.call.signal.reason;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EndpointError(`SMTP endpoint "${sending.name}": ${why}`, { cause });
  } finally {
    transport.close();
  }
}

function mailOptions(sending: Sending, { fields, attachments }: SmtpMessage) {
  const from = fields.from ?? sending.from;
  if (from === undefined) {
    const detail = `Give the message a "from", or the SMTP endpoint "${sending.name}" a default one.`;
    throw new JobsdError('JOBSD_INPUT_INVALID', detail);
  }
  return {
    ...fields,
    from,
    to: asList(fields.to),
    cc: asList(fields.cc),
    bcc: asList(fields.bcc),
    messageId: messageId(sending.call.nextKey('smtp')),
    headers: { 'X-Correlation-ID': sending.call.cid },
    attachments: attachments.map(({ name, content, contentType }) => ({
      filename: name,
      content: typeof content === 'string' ? content : Buffer.from(content),
      ...(contentType && { contentType }),
    })),
  };
}

function asList(recipients: string | readonly string[] | undefined): string[] | undefined {
  if (recipients === undefined) return undefined;
  return typeof recipients === 'string' ? [recipients] : [...recipients];
}

/** The same for every attempt of a run, so that a receiver can drop the second of two equal mails. */
function messageId(key: string): string {
  const local = encodeURIComponent(key).replace(
    /[()']/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `<${local}@jobsd>`;
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<T>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  promise.then(resolve, reject);
  return ended.finally(() => signal.removeEventListener('abort', abort));
}

function smtpUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'smtp:' || url.protocol === 'smtps:')) return text;
  throw new JobsdError('JOBSD_CONFIG_INVALID', 'The "url" must begin with smtp:// or smtps://.');
}
