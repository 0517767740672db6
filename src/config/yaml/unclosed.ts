import { currentLine, type Stretch } from './stretch.ts';
import type { TextProblem } from './text-problem.ts';

/** A quote that is not closed, shown where it opens: it swallows the lines below. */
export function unclosedQuote(text: string, quote: string, stretch: Stretch): TextProblem {
  let start = text.lastIndexOf(quote, stretch.end);
  while (start > 0 && text[start - 1] === '\\') start = text.lastIndexOf(quote, start - 1);
  if (start === -1) start = stretch.start;
  return {
    rule: 'yaml-syntax',
    message: 'a quote is not closed',
    start,
    end: start + 1,
    note: 'it opens here',
    help: `Add the closing ${quote}.`,
  };
}

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** A bracket that is not closed, shown where it opens and where its end was missed. */
export function unclosedBracket(text: string, stretch: Stretch): TextProblem | undefined {
  const start = openBracketBefore(text, stretch.start);
  if (start === undefined) return undefined;
  const closer = closers[text.charAt(start)];
  const isOtherLine = currentLine(text, start).start !== currentLine(text, stretch.start).start;
  return {
    rule: 'yaml-syntax',
    message: `a "${text.charAt(start)}" is not closed`,
    start,
    end: start + 1,
    note: 'it opens here',
    ...(isOtherLine
      ? { related: [{ ...stretch, note: `"${closer}" was expected before this` }] }
      : {}),
    help: `Add the closing "${closer}". What is inside has to be indented deeper than the key.`,
  };
}

/** The nearest bracket before the offset that nothing closes. Looks back a few screens. */
function openBracketBefore(text: string, offset: number): number | undefined {
  let open = 0;
  const furthest = Math.max(0, offset - 20_000);
  for (let at = offset - 1; at >= furthest; at -= 1) {
    const character = text[at];
    if (character === '}' || character === ']') open += 1;
    if (character !== '{' && character !== '[') continue;
    if (open === 0) return at;
    open -= 1;
  }
  return undefined;
}
