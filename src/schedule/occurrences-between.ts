import type { Instant } from '../clock/clock.ts';
import { countCronDays } from './count-cron-days.ts';
import { horizonEnd, horizonStart } from './horizon.ts';
import { firstIndexAfter, intervalOccurrence } from './next-interval.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { CronSchedule, IntervalSchedule, Schedule } from './schedule.ts';

/** What a schedule produced in a stretch of time. */
export interface OccurrencesBetween {
  readonly count: number;
  readonly first?: Instant;
  readonly last?: Instant;
  /** The newest of them, oldest first, as many as were asked for. */
  readonly newest: readonly Instant[];
}

/**
 * Counts the occurrences in (after, upTo] and lists the newest `limit`. `repeats` is not applied.
 * Made for long outages: elapsed intervals are counted by arithmetic, cron schedules by days, so
 * that a year of seconds takes milliseconds.
 */
export function occurrencesBetween(
  schedule: Schedule,
  after: Instant,
  upTo: Instant,
  anchor: Instant,
  limit: number,
): OccurrencesBetween {
  const { startAt = -Infinity, untilAt = Infinity } = schedule;
  const from = Math.max(after, startAt - 1);
  const to = Math.min(upTo, untilAt - 1);
  if (!(from < to)) return { count: 0, newest: [] };
  if (schedule.type === 'cron')
    return betweenOfCron(schedule, Math.max(from, horizonStart), Math.min(to, horizonEnd), limit);
  if (schedule.type === 'interval' && schedule.everyDays === 0)
    return betweenOfElapsed(schedule, from, to, anchor, limit);
  const all = listed(schedule, Math.max(from, horizonStart), Math.min(to, horizonEnd), anchor);
  return told(all.length, all[0], all, limit);
}

function betweenOfElapsed(
  schedule: IntervalSchedule,
  after: Instant,
  upTo: Instant,
  anchor: Instant,
  limit: number,
): OccurrencesBetween {
  const begin = firstIndexAfter(schedule, after, anchor);
  const end = firstIndexAfter(schedule, upTo, anchor);
  const kept = Math.min(end - begin, Math.max(limit, 1));
  const newest = Array.from({ length: kept }, (_, index) =>
    intervalOccurrence(schedule, anchor, end - kept + index),
  );
  return told(end - begin, intervalOccurrence(schedule, anchor, begin), newest, limit);
}

function betweenOfCron(
  schedule: CronSchedule,
  after: Instant,
  upTo: Instant,
  limit: number,
): OccurrencesBetween {
  const days = countCronDays(schedule, after, upTo);
  let count = 0;
  for (const day of days) count += day.count;
  // Back from the newest day until there are enough of them; only those are listed one by one.
  let listedFrom = upTo;
  let among = 0;
  for (let index = days.length - 1; index >= 0 && among < Math.max(limit, 1); index--) {
    const day = days[index];
    if (day === undefined) break;
    among += day.count;
    listedFrom = day.after;
  }
  const newest = listed(schedule, listedFrom, upTo, 0);
  return told(count, nextOccurrence(schedule, after, 0), newest, limit);
}

function listed(
  schedule: Schedule,
  after: Instant,
  upTo: Instant,
  anchor: Instant,
): readonly Instant[] {
  const instants: Instant[] = [];
  let at = nextOccurrence(schedule, after, anchor);
  while (at !== undefined && at <= upTo) {
    instants.push(at);
    at = nextOccurrence(schedule, at, anchor);
  }
  return instants;
}

/** `newest` holds at least one when there is any at all. */
function told(
  count: number,
  first: Instant | undefined,
  newest: readonly Instant[],
  limit: number,
): OccurrencesBetween {
  const last = newest.at(-1);
  if (count === 0 || first === undefined || last === undefined) return { count: 0, newest: [] };
  return { count, first, last, newest: limit === 0 ? [] : newest.slice(-limit) };
}
