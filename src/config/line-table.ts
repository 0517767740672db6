/** Where the lines of a text begin. Lines end at LF or CR LF, as editors count them. */
export interface LineTable {
  /** Line and column from 1, for an offset in UTF-16 units. */
  positionAt(offset: number): { readonly line: number; readonly column: number };
  /** Offset of the end of a line, without its line break. */
  endOf(line: number): number;
  startOf(line: number): number;
}

export function lineTable(text: string): LineTable {
  const starts = lineStarts(text);
  const startOf = (line: number) => starts[line - 1] ?? text.length;
  return {
    startOf,
    endOf(line) {
      const next = starts[line];
      if (next === undefined) return text.length;
      return text[next - 2] === '\r' ? next - 2 : next - 1;
    },
    positionAt(offset) {
      const line = lastAtOrBefore(starts, offset) + 1;
      return { line, column: offset - startOf(line) + 1 };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lastAtOrBefore(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((sorted[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
