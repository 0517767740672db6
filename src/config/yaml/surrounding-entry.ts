import type { Stretch } from './stretch.ts';

const largest = 64 * 1024;

/**
 * Whole lines around an offset: from the nearest line above that begins in one of the first three
 * columns, as names of jobs do, to the second such line below.
 */
export function surroundingEntry(text: string, offset: number): Stretch {
  const line = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  let start = line;
  while (start > 0 && line - start < largest && !beginsEntry(text, start)) {
    start = text.lastIndexOf('\n', start - 2) + 1;
  }
  let end = line;
  for (let seen = 0; seen < 3 && end < text.length && end - start < largest; ) {
    const next = text.indexOf('\n', end);
    end = next === -1 ? text.length : next + 1;
    if (beginsEntry(text, end)) seen += 1;
  }
  return { start, end: Math.min(end, start + 2 * largest) };
}

function beginsEntry(text: string, lineStart: number): boolean {
  return /^ {0,2}[^ #\r\n]/.test(text.slice(lineStart, lineStart + 3));
}
