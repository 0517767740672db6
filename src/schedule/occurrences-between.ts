import type { Instant } from '../clock/clock.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

/** What a schedule produced in a stretch of time. */
export interface OccurrencesBetween {
  readonly count: number;
  readonly first?: Instant;
  readonly last?: Instant;
  /** The newest of them, oldest first, as many as were asked for. */
  readonly newest: readonly Instant[];
}

/** Counts the occurrences in (after, upTo] and lists the newest `limit`. `repeats` is not applied. */
export function occurrencesBetween(
  schedule: Schedule,
  after: Instant,
  upTo: Instant,
  anchor: Instant,
  limit: number,
): OccurrencesBetween {
  let count = 0;
  let first: Instant | undefined;
  let last: Instant | undefined;
  const newest: Instant[] = [];
  let at = nextOccurrence(schedule, after, anchor);
  while (at !== undefined && at <= upTo) {
    first ??= at;
    last = at;
    count++;
    newest.push(at);
    if (newest.length > 2 * limit + 100) newest.splice(0, newest.length - limit);
    at = nextOccurrence(schedule, at, anchor);
  }
  return {
    count,
    ...(first !== undefined && { first }),
    ...(last !== undefined && { last }),
    newest: limit === 0 ? [] : newest.slice(-limit),
  };
}
