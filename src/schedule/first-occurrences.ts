import type { Instant } from '../clock/clock.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

/** A schedule with what its occurrences are counted from. */
export interface AnchoredSchedule {
  readonly schedule: Schedule;
  /** Origin of an interval without `start`. */
  readonly anchorAt: Instant;
}

/**
 * The first occurrence of each schedule strictly after `after`, undefined where there is none, in
 * the same order. Cron schedules with equal keys are computed once; the others are cheaper to
 * compute than to look up.
 */
export function firstOccurrences(
  schedules: Iterable<AnchoredSchedule>,
  after: Instant,
): (Instant | undefined)[] {
  const known = new Map<string, Instant | undefined>();
  const firsts: (Instant | undefined)[] = [];
  for (const { schedule, anchorAt } of schedules) {
    if (schedule.type !== 'cron') {
      firsts.push(nextOccurrence(schedule, after, anchorAt));
      continue;
    }
    let first = known.get(schedule.key);
    if (first === undefined && !known.has(schedule.key)) {
      first = nextOccurrence(schedule, after, anchorAt);
      known.set(schedule.key, first);
    }
    firsts.push(first);
  }
  return firsts;
}
