import type { Instant } from '../clock/clock.ts';
import { horizonEnd } from './horizon.ts';
import { nextCronOccurrence } from './next-cron.ts';
import { nextIntervalOccurrence } from './next-interval.ts';
import type { CronSchedule, Schedule } from './schedule.ts';

/**
 * The first occurrence strictly after `after`, within `start` (inclusive) and `until` (exclusive);
 * undefined when there is none (left). Does not count `repeats`.
 *
 * `anchor` is the origin of an interval without `start` and itself no occurrence; a `start` is.
 */
export function nextOccurrence(
  schedule: Schedule,
  after: Instant,
  anchor: Instant,
): Instant | undefined {
  const next = nextWithinStart(schedule, after, anchor);
  if (next === undefined) return undefined;
  return schedule.untilAt !== undefined && next >= schedule.untilAt ? undefined : next;
}

function nextWithinStart(schedule: Schedule, after: Instant, anchor: Instant): Instant | undefined {
  switch (schedule.type) {
    case 'manual':
      return undefined;
    case 'one-time':
      return schedule.at > after ? schedule.at : undefined;
    case 'interval':
      return after < horizonEnd ? nextIntervalOccurrence(schedule, after, anchor) : undefined;
    case 'cron':
      return nextOfCrons(schedule, after);
    default:
      return schedule satisfies never;
  }
}

function nextOfCrons(schedule: CronSchedule, after: Instant): Instant | undefined {
  const from =
    schedule.startAt !== undefined && schedule.startAt > after ? schedule.startAt - 1 : after;
  let earliest: Instant | undefined;
  for (const cron of schedule.crons) {
    const next = nextCronOccurrence(cron, schedule.timezone, schedule, from);
    if (next !== undefined && (earliest === undefined || next < earliest)) earliest = next;
  }
  return earliest;
}
