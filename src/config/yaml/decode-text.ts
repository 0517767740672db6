import type { TextProblem } from './text-problem.ts';

export type DecodeResult =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text: string; readonly problem: TextProblem };

const decoder = new TextDecoder('utf-8', { fatal: true });
const lenientDecoder = new TextDecoder('utf-8');

/** Text of a file in UTF-8, without its byte order mark; or the first character that is not text. */
export function decodeText(bytes: Uint8Array): DecodeResult {
  if (isUtf16(bytes)) return utf16Problem();
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return invalidUtf8(bytes);
  }
  const at = text.search(forbidden);
  return at === -1 ? { text } : { text, problem: controlCharacter(text, at) };
}

// YAML's printable characters, turned round: every control character but tab, LF, CR and NEL.
const forbidden = /[^\t\n\r\u0085\P{Cc}]|[\ufffe\uffff]/u;

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function utf16Problem(): DecodeResult {
  const message = 'the file is UTF-16, not UTF-8';
  return {
    text: '',
    problem: { rule: 'not-utf8', message, start: 0, end: 1, help: 'Save it as UTF-8.' },
  };
}

function invalidUtf8(bytes: Uint8Array): DecodeResult {
  const good = lenientDecoder.decode(bytes.subarray(0, validLength(bytes)));
  const text = lenientDecoder.decode(bytes);
  return {
    text,
    problem: {
      rule: 'not-utf8',
      message: 'the file is not UTF-8',
      start: good.length,
      end: good.length + 1,
      note: 'this byte is part of no character',
      help: 'Save the file as UTF-8; it may be in Latin-1 or Windows-1252.',
    },
  };
}

/** Length of the longest beginning that decodes, found by halving. */
function validLength(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isValidBeginning(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** `stream` lets a character that is cut off at the end pass. */
function isValidBeginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function controlCharacter(text: string, at: number): TextProblem {
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return {
    rule: 'control-character',
    message: `the file has the control character U+${code}, which YAML does not allow`,
    start: at,
    end: at + 1,
    help: 'Remove it, or write it as an escape inside double quotes.',
  };
}
