import type { Severity } from './finding.ts';

/** How many of one rule in one file are looked up and kept. Nobody reads, and nothing needs, more. */
export const mostAlike = 1000;

interface Countable {
  readonly rule: string;
  readonly severity?: Severity;
  /** How many more of the same kind were left out behind this one. */
  readonly further?: number;
}

/**
 * Of problems alike (one rule, one file, one severity) the first `most`; the last of those says how
 * many more there were. So nothing is lost silently, and a warning never takes an error's place.
 */
export function firstAlike<T extends Countable>(
  items: readonly T[],
  most: number,
  fileOf: (item: T) => string,
): readonly T[] {
  if (items.length <= most) return items;
  const groups = new Map<string, { count: number; last: number; leftOut: number }>();
  const kept: T[] = [];
  for (const item of items) {
    const key = `${item.severity ?? 'error'} ${item.rule} ${fileOf(item)}`;
    const group = groups.get(key) ?? { count: 0, last: 0, leftOut: 0 };
    groups.set(key, group);
    group.count += 1;
    if (group.count > most) {
      group.leftOut += 1 + (item.further ?? 0);
      continue;
    }
    group.last = kept.length;
    kept.push(item);
  }
  for (const { last, leftOut } of groups.values()) {
    const item = kept[last];
    if (item && leftOut > 0) kept[last] = { ...item, further: (item.further ?? 0) + leftOut };
  }
  return kept;
}

/** How many findings these are, those left out included. */
export function countAll(findings: readonly Countable[]): number {
  return findings.reduce((count, { further = 0 }) => count + 1 + further, 0);
}
