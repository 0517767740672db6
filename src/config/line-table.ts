/** Where the lines of a text begin. Lines end at LF or CR LF, as editors count them. */
export interface LineTable {
  /** Line and column from 1, for an offset in UTF-16 units. */
  positionAt(offset: number): { readonly line: number; readonly column: number };
}

/**
 * Counts lines once, and keeps the count at every `blockLength` characters only: a list of all
 * line starts would take eight times the memory of a file of blank lines. Nor does it search for
 * the beginning of a line: a whole file may be one, and have a hundred thousand findings.
 */
export function lineTable(text: string): LineTable {
  let blocks: readonly LinePlace[] | undefined;
  return {
    positionAt(offset) {
      blocks ??= blockPlaces(text);
      const block = Math.floor(offset / blockLength);
      const { line, start } = placeAfter(text, blocks[block] ?? top, block * blockLength, offset);
      return { line, column: offset - start + 1 };
    },
  };
}

/** A line, and the offset of its first character. */
interface LinePlace {
  readonly line: number;
  readonly start: number;
}

const top: LinePlace = { line: 1, start: 0 };
const blockLength = 1024;

/** The line that each block begins in. */
function blockPlaces(text: string): readonly LinePlace[] {
  const places = [top];
  let place = top;
  for (let from = 0; from < text.length; from += blockLength) {
    place = placeAfter(text, place, from, Math.min(from + blockLength, text.length));
    places.push(place);
  }
  return places;
}

/** The line that `to` is on, when `from` is on this one. */
function placeAfter(text: string, place: LinePlace, from: number, to: number): LinePlace {
  let { line, start } = place;
  for (let at = from; at < to; at += 1) {
    if (text.charCodeAt(at) !== 0x0a) continue;
    line += 1;
    start = at + 1;
  }
  return line === place.line ? place : { line, start };
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
