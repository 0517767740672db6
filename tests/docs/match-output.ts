/**
 * Whether the output is what a document shows: `…` stands for any text within a line, and a line
 * that is only `…` for any number of lines. White space at ends of lines does not count.
 */
export function matchesOutput(shown: readonly string[], printed: string): boolean {
  const text = `${printed.split('\n').map(trimEnd).join('\n').trimEnd()}\n`;
  const pattern = shown.map((line) =>
    trimEnd(line) === '…' ? '(?:.*\n)*?' : `${linePattern(line)}\n`,
  );
  return new RegExp(`^${pattern.join('')}$`).test(text);
}

/** How many of the shown lines were printed so far: in this order, others may come in between. */
export function countPrinted(shown: readonly string[], printed: string): number {
  let count = 0;
  for (const line of printed.split('\n')) {
    while (trimEnd(shown[count] ?? '') === '…') count += 1;
    const expected = shown[count];
    if (expected !== undefined && new RegExp(`^${linePattern(expected)}$`).test(trimEnd(line))) {
      count += 1;
    }
  }
  while (trimEnd(shown[count] ?? '') === '…') count += 1;
  return count;
}

function linePattern(line: string): string {
  return trimEnd(line)
    .split('…')
    .map((part) => RegExp.escape(part))
    .join('.*');
}

const trimEnd = (line: string) => line.replace(/\s+$/, '');
