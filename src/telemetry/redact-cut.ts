/** Removing every "1" or "on" would make a log unreadable and protect nothing. */
export const shortestPiece = 4;

const mark = '…';
// Whoever cuts leaves one mark or two. A service can print thousands, and shall not keep us busy.
const mostMarks = 8;

/**
 * Replaces what is left of secrets where a text was cut, marked by `…`: the beginning of one before
 * the mark, the end of one behind it. Who keeps only a part of a text redacts it long after the cut,
 * often in another process, where no whole secret is to be found any more.
 */
export function redactCut(text: string, secrets: Iterable<string>, replacement: string): string {
  if (!text.includes(mark)) return text;
  let clean = text;
  let at = clean.lastIndexOf(mark);
  for (let marks = 0; at !== -1 && marks < mostMarks; marks += 1) {
    const before = longest(secrets, (secret) => beginningBefore(clean, at, secret));
    const after = longest(secrets, (secret) => endBehind(clean, at, secret));
    clean =
      clean.slice(0, at - before) +
      (before > 0 ? replacement : '') +
      mark +
      (after > 0 ? replacement : '') +
      clean.slice(at + 1 + after);
    at = at === before ? -1 : clean.lastIndexOf(mark, at - before - 1);
  }
  return clean;
}

function longest(secrets: Iterable<string>, lengthOf: (secret: string) => number): number {
  let most = 0;
  for (const secret of secrets) most = Math.max(most, lengthOf(secret));
  return most;
}

/** How many characters before `end` are the beginning of the secret; 0 when there are too few. */
function beginningBefore(text: string, end: number, secret: string): number {
  const first = secret.slice(0, shortestPiece);
  let start = text.indexOf(first, Math.max(0, end - secret.length + 1));
  while (start !== -1 && start <= end - shortestPiece) {
    if (secret.startsWith(text.slice(start, end))) return end - start;
    start = text.indexOf(first, start + 1);
  }
  return 0;
}

/** How many characters behind the mark at `at` are the end of the secret; 0 when there are too few. */
function endBehind(text: string, at: number, secret: string): number {
  const last = secret.slice(-shortestPiece);
  const start = at + 1;
  let found = text.lastIndexOf(last, start + secret.length - 1 - shortestPiece);
  while (found >= start) {
    const piece = text.slice(start, found + shortestPiece);
    if (secret.endsWith(piece)) return piece.length;
    found = text.lastIndexOf(last, found - 1);
  }
  return 0;
}
