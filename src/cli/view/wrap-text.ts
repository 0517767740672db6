import { displayWidth } from './visible-text.ts';

/** Paragraphs are lines of at most this many columns, also on a wide screen. */
const mostColumns = 80;

/** A sentence over several lines; all but the first begin as `indent` says. */
export function wrapText(text: string, width: number, indent = ''): readonly string[] {
  const most = Math.min(width, mostColumns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && displayWidth(`${line} ${word}`) > most) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
