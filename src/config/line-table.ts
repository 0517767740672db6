/** Where the lines of a text begin. Lines end at LF or CR LF, as editors count them. */
export interface LineTable {
  /** Line and column from 1, for an offset in UTF-16 units. */
  positionAt(offset: number): { readonly line: number; readonly column: number };
}

/**
 * Counts lines once, and keeps the count at every `blockLength` characters only: a list of all
 * line starts would take eight times the memory of a file of blank lines.
 */
export function lineTable(text: string): LineTable {
  let counts: readonly number[] | undefined;
  return {
    positionAt(offset) {
      counts ??= lineCounts(text);
      const block = Math.floor(offset / blockLength);
      const line = (counts[block] ?? 1) + breaksIn(text, block * blockLength, offset);
      return { line, column: offset - lineStart(text, offset) + 1 };
    },
  };
}

const blockLength = 1024;

/** The line that each block begins in. */
function lineCounts(text: string): readonly number[] {
  const counts = [1];
  let line = 1;
  for (let start = 0; start < text.length; start += blockLength) {
    line += breaksIn(text, start, Math.min(start + blockLength, text.length));
    counts.push(line);
  }
  return counts;
}

function breaksIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) === 0x0a) count += 1;
  return count;
}

/** Offset of the first character of the line that an offset is on. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the end of the line that an offset is on, without the line break. */
export function lineEnd(text: string, offset: number): number {
  const lineBreak = text.indexOf('\n', offset);
  if (lineBreak === -1) return text.length;
  return text[lineBreak - 1] === '\r' && lineBreak > offset ? lineBreak - 1 : lineBreak;
}
