import type { JobState } from '../backend/backend.ts';
import type { Instant, Milliseconds } from '../clock/clock.ts';
import type { CalendarRule } from '../schedule/calendar-rule.ts';
import { type FireEffect, fireEffect } from '../schedule/fire-effect.ts';
import { jitterMs } from '../schedule/jitter.ts';
import { judgedAlikeUntil } from '../schedule/judged-alike-until.ts';
import { type JudgedOccurrence, nextByCalendar } from '../schedule/next-by-calendar.ts';
import { occurrencesBetween } from '../schedule/occurrences-between.ts';
import { nextWithin } from '../schedule/progress.ts';
import type { Schedule } from '../schedule/schedule.ts';

export interface Fire {
  readonly nominalAt: Instant;
  /** Nominal time plus jitter. */
  readonly plannedAt: Instant;
  /** What a change of the clocks does to it. */
  readonly effect?: FireEffect;
  /** What the calendars of the job do to it: it does not run, or was moved here. */
  readonly excluded?: JudgedOccurrence['excluded'];
  readonly moved?: JudgedOccurrence['moved'];
}

export interface FireRange {
  /** Exclusive. */
  readonly after: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  readonly count: number;
  /** Whether those that calendars exclude are given too. */
  readonly withExcluded?: boolean;
}

export interface Scheduled {
  /** Decides the jitter. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly jitterMs: Milliseconds;
  readonly calendars?: CalendarRule;
  /** What is remembered of it; without, it is taken to be seen first at `firstSeenAt`. */
  readonly state?: JobState | undefined;
  readonly firstSeenAt: Instant;
}

// A job of every second in a freeze of weeks: the search for its next time ends somewhere.
const mostExcluded = 200_000;

/** When a schedule will fire in a range. `repeats` counts on from what has fired already. */
export function upcomingFires(scheduled: Scheduled, range: FireRange): readonly Fire[] {
  const { schedule, calendars } = scheduled;
  const anchorAt = anchorOf(scheduled);
  const { after, until = Number.POSITIVE_INFINITY, count, withExcluded = false } = range;
  const fires: Fire[] = [];
  let left = repeatsLeft(scheduled, after, anchorAt);
  let excluded = 0;
  let next = nextByCalendar(schedule, calendars, after, anchorAt);
  while (next !== undefined && next.nominalAt < until && left > 0 && fires.length < count) {
    if (withExcluded || next.excluded === undefined) {
      fires.push(fireOf(scheduled, next, anchorAt));
    } else if (++excluded > mostExcluded) break;
    const from = withExcluded ? next.nominalAt : lookedAt(scheduled, next);
    if (left < Infinity) left -= countedUpTo(scheduled, next, from, anchorAt);
    next = nextByCalendar(schedule, calendars, from, anchorAt);
  }
  return fires;
}

/** One that is moved counts where it goes. */
const isCounted = ({ excluded }: JudgedOccurrence) => excluded?.movedTo === undefined;

function lookedAt(
  { schedule, calendars }: Scheduled,
  { nominalAt, excluded }: JudgedOccurrence,
): Instant {
  if (calendars === undefined || excluded === undefined) return nominalAt;
  // Whether one counts that may be moved has to be looked at one by one; they are an hour apart.
  if (calendars.shift !== undefined && schedule.repeats !== undefined) return nominalAt;
  return judgedAlikeUntil(calendars, nominalAt) - 1;
}

/** How many of the occurrences from one up to an instant `repeats` counts. */
function countedUpTo(
  { schedule }: Scheduled,
  occurrence: JudgedOccurrence,
  upTo: Instant,
  anchorAt: Instant,
): number {
  const { nominalAt } = occurrence;
  if (upTo === nominalAt) return isCounted(occurrence) ? 1 : 0;
  return occurrencesBetween(schedule, nominalAt - 1, upTo, anchorAt, 0).count;
}

function fireOf(scheduled: Scheduled, occurrence: JudgedOccurrence, anchorAt: Instant): Fire {
  const { name, schedule, calendars } = scheduled;
  const { nominalAt, excluded, moved } = occurrence;
  const progress = { cursorAt: nominalAt, anchorAt, occurrences: 0 };
  const following = nextWithin(schedule, progress, calendars);
  const delayMs = jitterMs(name, nominalAt, scheduled.jitterMs, following);
  const effect = fireEffect(schedule, nominalAt, anchorAt);
  return {
    nominalAt,
    plannedAt: nominalAt + delayMs,
    ...(effect === undefined ? {} : { effect }),
    ...(excluded === undefined ? {} : { excluded }),
    ...(moved === undefined ? {} : { moved }),
  };
}

/** What an interval without `start` counts from. */
export function anchorOf({ state, firstSeenAt }: Scheduled): Instant {
  return state?.anchorAt ?? firstSeenAt;
}

/** Whether its times are a guess: they will count from when a daemon first sees the job. */
export function isAnchorUnknown({ schedule, state }: Scheduled): boolean {
  return (
    schedule.type === 'interval' && schedule.startAt === undefined && state?.anchorAt === undefined
  );
}

function repeatsLeft(scheduled: Scheduled, after: Instant, anchorAt: Instant): number {
  const { schedule, state, firstSeenAt, calendars } = scheduled;
  if (schedule.repeats === undefined) return Number.POSITIVE_INFINITY;
  const cursorAt = state?.cursorAt ?? firstSeenAt;
  let left = schedule.repeats - (state?.occurrences ?? 0);
  if (after <= cursorAt) return left;
  // Only what is moved does not count where it was: without, what calendars exclude counts as well.
  if (calendars?.shift === undefined) {
    return left - occurrencesBetween(schedule, cursorAt, after, anchorAt, 0).count;
  }
  let next = nextByCalendar(schedule, calendars, cursorAt, anchorAt);
  while (left > 0 && next !== undefined && next.nominalAt <= after) {
    if (isCounted(next)) left -= 1;
    next = nextByCalendar(schedule, calendars, next.nominalAt, anchorAt);
  }
  return left;
}
