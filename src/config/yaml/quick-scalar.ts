import { limits } from './limits.ts';
import type { ScalarNode } from './node.ts';
import { unsure } from './quick-source.ts';

/** A text in double or single quotes that ends on its line. */
export function quotedScalar(
  text: string,
  start: number,
  end: number,
): ScalarNode & { value: string } {
  // A text that is too long is cut off here, and so has no closing quote.
  const stop = Math.min(end, start + limits.scalarLength);
  return text[start] === '"' ? doubleQuoted(text, start, stop) : singleQuoted(text, start, stop);
}

function doubleQuoted(text: string, start: number, end: number) {
  let at = start + 1;
  let hasEscape = false;
  while (at < end && text[at] !== '"') {
    if (text[at] === '\\') {
      hasEscape = true;
      at += 1;
    }
    at += 1;
  }
  if (at >= end) throw unsure;
  const written = text.slice(start, at + 1);
  const value = hasEscape ? unescaped(written) : written.slice(1, -1);
  return { kind: 'scalar' as const, value, start, end: at + 1 };
}

/** Escapes that JSON has mean the same in YAML; the others are left to the library. */
function unescaped(written: string): string {
  try {
    return JSON.parse(written);
  } catch {
    throw unsure;
  }
}

function singleQuoted(text: string, start: number, end: number) {
  let at = text.indexOf("'", start + 1);
  while (at !== -1 && at < end && text[at + 1] === "'") at = text.indexOf("'", at + 2);
  if (at === -1 || at >= end) throw unsure;
  const value = text.slice(start + 1, at).replaceAll("''", "'");
  return { kind: 'scalar' as const, value, start, end: at + 1 };
}

/** What cannot begin a text without quotes, or begins one with a meaning of its own. */
const indicators = '-?:,[]{}#&*!|>\'"%@`';

export function canBeginPlain(text: string, at: number): boolean {
  const first = text.charAt(at);
  if (!indicators.includes(first)) return true;
  const second = text.charAt(at + 1);
  return first === '-' && second !== '' && !/[\s,[\]{}]/.test(second);
}

/** The value of a text without quotes, by the core schema of YAML 1.2. */
export function plainScalar(text: string, start: number, end: number): ScalarNode {
  if (end - start > limits.scalarLength) throw unsure;
  const written = text.slice(start, end);
  return { kind: 'scalar', value: resolvePlain(written), start, end };
}

function resolvePlain(written: string): ScalarNode['value'] {
  const first = written.charCodeAt(0);
  if (first <= digitNine) return first < plusSign ? written : numberOrText(written);
  if (written.length > longestWord) return written;
  switch (written) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      return written;
  }
}

const plusSign = 0x2b;
const digitNine = 0x39;
/** Of `null`, `true`, `false` in all their forms. */
const longestWord = 5;

/** What begins with a digit, a sign or a dot. */
function numberOrText(written: string): string | number {
  if (number.test(written)) return plainNumber(written);
  if (unusualNumber.test(written)) throw unsure;
  return written;
}

const number = /^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
/** Other forms of numbers, and those that get a finding. */
const unusualNumber =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;

function plainNumber(written: string): number {
  const value = Number(written);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw unsure;
  return value;
}
