import type { Instant, Milliseconds } from '../clock/clock.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

// Enough for what recurs; two lists of dates that meet once in many years are not found.
const mostOccurrences = 1000;

/** 2024-01-01: with a leap day ahead, for a schedule that has no beginning. */
const anyBeginning: Instant = 1_704_067_200_000;

/**
 * Whether two occurrences are less than this apart, as the schedule is written: what changes of
 * the clocks do to it does not count. Looks at the first `most` occurrences.
 */
export function firesDenserThan(
  schedule: Schedule,
  distanceMs: Milliseconds,
  most = mostOccurrences,
): boolean {
  const onOneClock = { ...schedule, timezone: 'UTC' };
  const from = (schedule.startAt ?? anyBeginning) - 1;
  let last = nextOccurrence(onOneClock, from, from);
  for (let count = 0; last !== undefined && count < most; count++) {
    const next = nextOccurrence(onOneClock, last, from);
    if (next !== undefined && next - last < distanceMs) return true;
    last = next;
  }
  return false;
}
