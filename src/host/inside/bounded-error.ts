import type { WireError, WireRetry } from '../protocol.ts';
import { stringify, textSlice, toText } from './intrinsics.ts';

const maxMessageLength = 4096;
const maxStackLength = 8192;
const maxNameLength = 128;

/** Plain data about anything that was thrown. Never throws, whatever getters or proxies do. */
export function boundedError(thrown: unknown): WireError {
  if (typeof thrown !== 'object' || thrown === null) {
    return {
      name: 'Error',
      message: boundedText(
        safely(() => toText(thrown)),
        maxMessageLength,
      ),
    };
  }
  const name = textField(thrown, 'name', maxNameLength);
  const message = textField(thrown, 'message', maxMessageLength);
  const code = textField(thrown, 'code', maxNameLength);
  const stack = textField(thrown, 'stack', maxStackLength);
  return {
    name: name ?? 'Error',
    message:
      message ??
      boundedText(
        safely(() => stringify(thrown) ?? 'unknown'),
        maxMessageLength,
      ),
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack }),
  };
}

/** What the error says about another attempt: `retryable === false`, `retryAfterMs` (0 or more). */
export function retryAdvice(thrown: unknown): WireRetry | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const never = field(thrown, 'retryable') === false;
  const afterMs = field(thrown, 'retryAfterMs');
  const isWait = typeof afterMs === 'number' && afterMs >= 0 && afterMs <= Number.MAX_SAFE_INTEGER;
  if (!never && !isWait) return undefined;
  return { ...(never && { never }), ...(isWait && { afterMs }) };
}

function textField(thrown: object, key: string, maxLength: number): string | undefined {
  const value = field(thrown, key);
  return typeof value === 'string' ? boundedText(value, maxLength) : undefined;
}

function field(thrown: object, key: string): unknown {
  try {
    return (thrown as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** The text, or its beginning and a `…`: the mark is what tells a redactor of the cut. */
export function boundedText(text: string, maxLength: number): string {
  return text.length > maxLength ? `${textSlice(text, 0, maxLength)}…` : text;
}

function safely(describe: () => string): string {
  try {
    return describe();
  } catch {
    return 'something was thrown that cannot be shown';
  }
}
