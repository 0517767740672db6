import type { TextProblem } from './text-problem.ts';

/**
 * Thrown inside the quick parser, and caught at its top, when a text has something that it does
 * not read: the library then reads the whole text.
 */
export const unsure = new Error('Not plain enough for the quick parser.');

export interface Line {
  /** Column of the first character, from 0; of what follows `- ` where that begins a line of its own. */
  readonly indent: number;
  /** Offset of the first character that is no space. */
  readonly start: number;
  /** Offset of the line break. */
  readonly end: number;
}

/** The text, its current line, and how much has been read from it. */
export interface QuickSource {
  readonly text: string;
  /** Undefined after the last one. Never a blank line or one with a comment alone. */
  line: Line | undefined;
  /** Where the line after the current one begins. */
  nextStart: number;
  nodes: number;
  depth: number;
  /** Mistakes that do not keep the rest from being read. */
  readonly problems: TextProblem[];
}

export function quickSource(text: string): QuickSource {
  const source: QuickSource = {
    text,
    line: undefined,
    nextStart: 0,
    nodes: 0,
    depth: 0,
    problems: [],
  };
  nextLine(source);
  return source;
}

/** Goes to the next line that has something to read. */
export function nextLine(source: QuickSource): void {
  const { text } = source;
  while (source.nextStart < text.length) {
    const begin = source.nextStart;
    const lineBreak = text.indexOf('\n', begin);
    source.nextStart = lineBreak === -1 ? text.length : lineBreak + 1;
    let end = lineBreak === -1 ? text.length : lineBreak;
    if (text.charCodeAt(end - 1) === carriageReturn && end > begin) end -= 1;
    let start = begin;
    while (text.charCodeAt(start) === space) start += 1;
    if (start >= end || text.charCodeAt(start) === hash) continue;
    source.line = { indent: start - begin, start, end };
    return;
  }
  source.line = undefined;
}

/** The offset after any spaces. */
export function skipSpaces(text: string, offset: number, end: number): number {
  let at = offset;
  while (at < end && text.charCodeAt(at) === space) at += 1;
  return at;
}

/** Whether nothing is left on the line but spaces and a comment. */
export function isRestEmpty(text: string, offset: number, end: number): boolean {
  const at = skipSpaces(text, offset, end);
  return at >= end || (text.charCodeAt(at) === hash && at > offset);
}

const space = 0x20;
const hash = 0x23;
const carriageReturn = 0x0d;
