/** A stretch of a file's text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where each event of a file begins, in their order. */
export function eventOffsets(text: string): readonly number[] {
  return [...text.matchAll(/^BEGIN:VEVENT/gim)].map((match) => match.index);
}

/** The line of a property, looked for from an event's beginning on. */
export function propertyLine(text: string, from: number, property: string): Stretch {
  const pattern = new RegExp(`^${property}\\b`, 'gim');
  pattern.lastIndex = from;
  return lineAt(text, pattern.exec(text)?.index ?? from);
}

function lineAt(text: string, start: number): Stretch {
  const end = text.slice(start, start + 1000).search(/\r|\n/);
  return { start, end: end < 0 ? Math.min(text.length, start + 1000) : start + Math.max(1, end) };
}
