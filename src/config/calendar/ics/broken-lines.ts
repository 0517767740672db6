import ICAL from 'ical.js';
import type { Stretch } from './locate-event.ts';

/**
 * The lines that keep a file from being read: those that are no property, and the BEGIN or END that
 * has no other one. The library says at best what stands in them, not where they are.
 */
export function brokenLines(text: string): readonly Stretch[] {
  const broken: Stretch[] = [];
  const open: { readonly name: string; readonly line: Stretch }[] = [];
  for (const { content, ...line } of contentLines(text)) {
    const [, mark, name = ''] = /^(BEGIN|END):(.*)$/i.exec(content) ?? [];
    if (mark === undefined) {
      if (!isProperty(content)) broken.push(line);
    } else if (mark.toUpperCase() === 'BEGIN') open.push({ name: name.toLowerCase(), line });
    else if (open.pop()?.name !== name.toLowerCase()) return [...broken, line];
  }
  return [...broken, ...open.slice(-1).map(({ line }) => line)];
}

function isProperty(content: string): boolean {
  try {
    ICAL.parse.property(content);
    return true;
  } catch {
    return false;
  }
}

/** Lines that begin with a blank go on with the one before. The place is that of the first. */
function* contentLines(text: string): Generator<Stretch & { readonly content: string }> {
  let current: { start: number; end: number; content: string } | undefined;
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    const [line] = match;
    if (current !== undefined && /^[ \t]/.test(line)) {
      current.content += line.slice(1);
      continue;
    }
    if (current !== undefined) yield current;
    current = { start: match.index, end: match.index + line.length, content: line };
  }
  if (current !== undefined) yield current;
}
