import type { Instant } from '../clock/clock.ts';
import { type ClockChange, clockChangeNear } from './clock-changes.ts';
import { type LocalTime, localTimeOf } from './local-time.ts';
import { firstIndexAfter } from './next-interval.ts';
import { nextLocalTime } from './next-local-time.ts';
import type { CronFields, CronSchedule, IntervalSchedule, Schedule } from './schedule.ts';

/** What a change of the clocks does to one fire. */
export type FireEffect =
  /** It stands for a local time that the clock skips. */
  | { readonly kind: 'moved'; readonly from: LocalTime }
  /** The clock shows its local time twice: this is the first or the second time. */
  | { readonly kind: 'first' | 'second' };

/** Undefined for nearly all fires. `at` has to be a fire; `anchor` as for `nextOccurrence`. */
export function fireEffect(
  schedule: Schedule,
  at: Instant,
  anchor: Instant,
): FireEffect | undefined {
  const change = clockChangeNear(schedule.timezone, at);
  if (change === undefined) return undefined;
  if (change.kind === 'overlap') return { kind: at < change.at ? 'first' : 'second' };
  const from = skippedTime(schedule, at, anchor, change);
  return from === undefined ? undefined : { kind: 'moved', from };
}

function skippedTime(
  schedule: Schedule,
  at: Instant,
  anchor: Instant,
  change: ClockChange,
): LocalTime | undefined {
  if (schedule.type === 'cron') return skippedByCron(schedule, at, change);
  if (schedule.type === 'interval') return skippedByDays(schedule, at, anchor, change);
  // Whether a one-time job was written with a local time or with an offset, only its text tells.
  return undefined;
}

/** The policy in force, where the job does not say: the running clock skips, all others catch up. */
export function gapPolicyOf(schedule: CronSchedule, cron: CronFields) {
  return schedule.dstGap ?? (cron.followsClock ? 'skip' : 'end');
}

export function overlapPolicyOf(schedule: CronSchedule, cron: CronFields) {
  return schedule.dstOverlap ?? (cron.followsClock ? 'both' : 'first');
}

function skippedByCron(
  schedule: CronSchedule,
  at: Instant,
  change: ClockChange,
): LocalTime | undefined {
  for (const cron of schedule.crons) {
    const policy = gapPolicyOf(schedule, cron);
    if (policy === 'end' && at === change.at) {
      const first = nextLocalTime(cron, change.from / 1000) * 1000;
      if (first < change.to) return first;
    }
    if (policy === 'shift') {
      const skipped = change.from + (at - change.at);
      if (skipped < change.to && nextLocalTime(cron, skipped / 1000) * 1000 === skipped) {
        return skipped;
      }
    }
  }
  return undefined;
}

/** With an elapsed part on top of the days no local time is meant. */
export function skippedByDays(
  schedule: IntervalSchedule,
  at: Instant,
  anchor: Instant,
  change: ClockChange,
): LocalTime | undefined {
  if (schedule.everyDays === 0 || schedule.everyMs > 0) return undefined;
  const meant = meantLocalTime(schedule, at, anchor);
  return meant >= change.from && meant < change.to ? meant : undefined;
}

const dayMs = 86_400_000;

/** The local time that an occurrence would have if no clock ever changed. */
function meantLocalTime(schedule: IntervalSchedule, at: Instant, anchor: Instant): LocalTime {
  const index = firstIndexAfter(schedule, at - 1, anchor);
  const origin = localTimeOf(schedule.startAt ?? anchor, schedule.timezone);
  return origin + index * schedule.everyDays * dayMs;
}
