import type { HostMessage } from './protocol.ts';

// A little more than what a host cuts its texts to.
const longestLine = 16 * 1024;
const longestResult = 256 * 1024;
const longestErrorText = 16 * 1024;
const furthestInstant = 8.64e15;

const levels: readonly unknown[] = ['debug', 'info', 'warn', 'error'];
const outcomes: readonly unknown[] = ['succeeded', 'failed', 'cancelled'];

/**
 * The message, when what of it goes into the ledger is what the protocol says: a service can get
 * hold of the channel, and what the ledger refuses would hold up all that is to be written after it.
 * Throws for any other.
 */
export function checkedHostMessage(message: HostMessage): HostMessage {
  const isGood =
    message[0] === 'l' ? isLogMessage(message) : message[0] === 'e' ? isEndMessage(message) : true;
  if (!isGood) throw new TypeError('not a message of a host');
  return message;
}

type Of<Kind> = Extract<HostMessage, readonly [Kind, ...unknown[]]>;

function isLogMessage([, id, at, level, text]: Of<'l'>): boolean {
  const isInstant = Number.isSafeInteger(at) && Math.abs(at) <= furthestInstant;
  return (
    isText(id, longestLine) && isInstant && levels.includes(level) && isText(text, longestLine)
  );
}

function isEndMessage([, , outcome, , , result, error, retry]: Of<'e'>): boolean {
  if (!outcomes.includes(outcome)) return false;
  if (result !== null && !isText(result, longestResult)) return false;
  if (error !== null && !isError(error)) return false;
  return retry === null || typeof retry === 'object';
}

function isError({ name, message, code = '', stack = '' }: NonNullable<Of<'e'>[6]>): boolean {
  return [name, message, code, stack].every((text) => isText(text, longestErrorText));
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length <= longest;
}
