import type { Instant } from '../clock/clock.ts';
import { instantOf, localTimeOf } from './local-time.ts';
import type { IntervalSchedule } from './schedule.ts';

const dayMs = 86_400_000;

/** First occurrence strictly after `after`: `origin` plus whole multiples of the interval. */
export function nextIntervalOccurrence(
  schedule: IntervalSchedule,
  after: Instant,
  anchor: Instant,
): Instant {
  return intervalOccurrence(schedule, anchor, firstIndexAfter(schedule, after, anchor));
}

/**
 * Occurrence number `index`. Days are calendar days of the zone, at the origin's local time; the
 * elapsed part comes on top. Counted from the origin, so that nothing drifts.
 */
export function intervalOccurrence(
  schedule: IntervalSchedule,
  anchor: Instant,
  index: number,
): Instant {
  const origin = schedule.startAt ?? anchor;
  const elapsed = index * schedule.everyMs;
  if (schedule.everyDays === 0 || index === 0) return origin + elapsed;
  const local = localTimeOf(origin, schedule.timezone) + index * schedule.everyDays * dayMs;
  return instantOf(local, schedule.timezone) + elapsed;
}

/** Index of the first occurrence strictly after `after`. Without `start` the origin is none. */
export function firstIndexAfter(
  schedule: IntervalSchedule,
  after: Instant,
  anchor: Instant,
): number {
  const origin = schedule.startAt ?? anchor;
  const lowest = schedule.startAt === undefined ? 1 : 0;
  const periodMs = schedule.everyDays * dayMs + schedule.everyMs;
  let index = Math.max(lowest, Math.floor((after - origin) / periodMs) + 1);
  if (schedule.everyDays === 0) return index;
  // A zone's clock is never more than about a day off, so the estimate is off by a step or two.
  while (index > lowest && intervalOccurrence(schedule, anchor, index - 1) > after) index--;
  while (intervalOccurrence(schedule, anchor, index) <= after) index++;
  return index;
}
