/**
 * The candidate that `written` was most likely meant to be, or none when nothing is near: at most
 * a third of its letters differ, or it is the beginning of the candidate. Swapped neighbours count
 * as one difference, capitals as none.
 */
export function nearestName(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length > longestCompared) return undefined;
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(wanted.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = distanceTo(wanted, candidate.toLowerCase(), bestDistance);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function distanceTo(wanted: string, candidate: string, limit: number): number {
  if (wanted.length >= 3 && candidate.startsWith(wanted)) return candidate === wanted ? 0 : 1;
  if (Math.abs(candidate.length - wanted.length) >= limit) return limit;
  return editDistance(wanted, candidate);
}

/** Names are at most this long; longer texts are not worth the time they would take. */
const longestCompared = 128;

/** Optimal string alignment distance (Damerau-Levenshtein without edits between a swap). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      current.push(cell(from, to, row, column, current, last, beforeLast));
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

function cell(
  from: string,
  to: string,
  row: number,
  column: number,
  current: readonly number[],
  last: readonly number[],
  beforeLast: readonly number[],
): number {
  const isSame = from[row - 1] === to[column - 1];
  const replaced = (last[column - 1] ?? 0) + (isSame ? 0 : 1);
  const removed = (last[column] ?? 0) + 1;
  const added = (current[column - 1] ?? 0) + 1;
  const isSwap =
    row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
  const swapped = isSwap ? (beforeLast[column - 2] ?? 0) + 1 : replaced;
  return Math.min(replaced, removed, added, swapped);
}
