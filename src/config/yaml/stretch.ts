/** A part of a text, in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The line that an offset is on, at most its first 2 000 characters. */
export function currentLine(text: string, offset: number): Stretch & { readonly text: string } {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', start);
  const end = Math.min(lineEnd === -1 ? text.length : lineEnd, start + 2000);
  return { start, end, text: text.slice(start, end) };
}

/** The offset, or the first character after it on its line that can be seen. */
export function firstPrintable(text: string, offset: number): number {
  let at = offset;
  while (text[at] === ' ' && at < text.length) at += 1;
  const isLineEnd = at >= text.length || text[at] === '\n' || text[at] === '\r';
  return isLineEnd ? offset : at;
}
