import { smtpSenders } from '../../endpoint/endpoint-views.ts';
import { type Recipients, SmtpMessage } from '../smtp-message.ts';
import type { BuiltInCall, BuiltInResult } from './built-in.ts';
import { invalidInput, optionalText, readInput, requiredText } from './read-input.ts';

const inputKeys = [
  'endpoint',
  'to',
  'cc',
  'bcc',
  'from',
  'replyTo',
  'subject',
  'text',
  'html',
  'attachments',
] as const;
type Input = Partial<Record<(typeof inputKeys)[number], unknown>>;

/** `jobsd.send-mail`: one mail through an SMTP endpoint. Gives `{messageId}`. */
export async function sendMail(call: BuiltInCall): Promise<BuiltInResult> {
  const input = readInput(call.payload, inputKeys);
  const name = requiredText(input.endpoint, 'endpoint');
  const message = messageOf(input);
  const sender = smtpSenders(call.endpoints, call.endpointCall())[name];
  return { value: await sender?.send(message) };
}

function messageOf(input: Input): SmtpMessage {
  const message = new SmtpMessage({
    to: recipients(input.to, 'to') ?? [],
    subject: requiredText(input.subject, 'subject'),
    ...withoutAbsent({
      cc: recipients(input.cc, 'cc'),
      bcc: recipients(input.bcc, 'bcc'),
      from: optionalText(input.from, 'from'),
      replyTo: optionalText(input.replyTo, 'replyTo'),
      text: optionalText(input.text, 'text'),
      html: optionalText(input.html, 'html'),
    }),
  });
  const { attachments = [] } = input;
  if (!Array.isArray(attachments)) throw invalidInput('"attachments" must be a list.');
  for (const attachment of attachments) attach(message, attachment);
  return message;
}

/** `{name, content}`; content that is not a text is attached as JSON, base64 text as its bytes. */
function attach(message: SmtpMessage, attachment: unknown): void {
  const { name, content, encoding } = Object(attachment);
  const text = typeof content === 'string' ? content : JSON.stringify(content ?? null, null, 2);
  const isBytes = encoding === 'base64';
  message.attach(requiredText(name, 'name'), isBytes ? Buffer.from(text, 'base64') : text);
}

function recipients(value: unknown, key: string): Recipients | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw invalidInput(`"${key}" must be an address or a list of addresses.`);
}

function withoutAbsent<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: NonNullable<T[K]> };
}
