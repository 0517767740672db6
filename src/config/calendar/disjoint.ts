/** A stretch of days or of time; `until` is exclusive. */
export interface Range {
  readonly from: number;
  readonly until: number;
  readonly words?: string;
}

/**
 * The same times in order, none over another: of two that overlap, the one that begins first (or
 * has words) keeps what both have. Neighbours of the same words become one.
 */
export function disjoint<Each extends Range>(ranges: readonly Each[]): readonly Each[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from || named(a) - named(b));
  const result: Each[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    const from = Math.max(range.from, last?.until ?? range.from);
    if (from >= range.until) continue;
    if (last !== undefined && last.until === from && last.words === range.words) {
      result[result.length - 1] = { ...last, until: range.until };
    } else {
      result.push({ ...range, from });
    }
  }
  return result;
}

const named = ({ words }: Range) => (words === undefined ? 1 : 0);
