import type { Instant } from '../clock/clock.ts';
import type { CalendarRule } from './calendar-rule.ts';
import { type CatchUpRule, wantedOf, windowStart } from './catch-up-rule.ts';
import { nextOccurrence } from './next-occurrence.ts';
import { occurrencesBetween } from './occurrences-between.ts';
import { nextWithin, type Progress } from './progress.ts';
import type { Schedule } from './schedule.ts';
import { takeUpByCalendar } from './take-up-by-calendar.ts';

export interface Occurrence {
  readonly nominalAt: Instant;
  readonly plannedAt: Instant;
  readonly trigger: 'schedule' | 'catch-up';
  /** Its number in the life of the schedule, from 1. */
  readonly number: number;
}

/** A stretch of occurrences that nobody will run, kept as one record. */
export interface MissedStretch {
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly count: number;
  /** `window`: too old to be caught up; `outage`: the policy does not ask for them. */
  readonly reason: 'outage' | 'window';
}

/** A stretch of occurrences that a calendar excludes, one after the other, for the same reason. */
export interface ExcludedStretch {
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly count: number;
  /** `calendar holidays (2026-12-25)`. */
  readonly reason: string;
}

export interface TakeUp {
  /** Oldest first. */
  readonly fire: readonly Occurrence[];
  readonly missed?: MissedStretch;
  /** Oldest first; only where the job has calendars. */
  readonly excluded?: readonly ExcludedStretch[];
  readonly progress: Progress;
  /** The next occurrence, still to come. */
  readonly next?: { readonly nominalAt: Instant; readonly plannedAt: Instant };
}

export interface TakeUpInput {
  readonly schedule: Schedule;
  readonly progress: Progress;
  readonly now: Instant;
  /**
   * Nobody fired up to and including this instant (a stop, a crash, a suspended machine, a clock
   * that jumped): what was planned until then is caught up by the rule. What was planned later is on time.
   */
  readonly gapEndAt: Instant;
  readonly catchUp: CatchUpRule;
  /** Nominal to planned time: at or after it, and before the next nominal time. */
  readonly plan: (nominalAt: Instant) => Instant;
  /** The job's calendars, if it has any. */
  readonly calendars?: CalendarRule;
}

/**
 * Everything a job's schedule has produced since its cursor, each occurrence in exactly one place:
 * to fire on time, to fire as catch-up, or in the missed stretch. The one rule for every path.
 */
export function takeUp(input: TakeUpInput): TakeUp {
  if (input.calendars) return takeUpByCalendar(input, input.calendars);
  const gap = takeUpGap(input);
  const fire = [...gap.fire];
  const { anchorAt } = input.progress;
  let { cursorAt, occurrences } = gap.progress;
  for (;;) {
    const nominalAt = nextWithin(input.schedule, { cursorAt, anchorAt, occurrences });
    const progress = { cursorAt, anchorAt, occurrences };
    if (nominalAt === undefined) return { fire, ...missedOf(gap), progress };
    const plannedAt = input.plan(nominalAt);
    if (plannedAt > input.now) {
      return { fire, ...missedOf(gap), progress, next: { nominalAt, plannedAt } };
    }
    occurrences += 1;
    cursorAt = nominalAt;
    fire.push({ nominalAt, plannedAt, trigger: 'schedule', number: occurrences });
  }
}

type GapResult = Pick<TakeUp, 'fire' | 'missed' | 'progress'>;

const missedOf = (gap: GapResult) => (gap.missed === undefined ? {} : { missed: gap.missed });

function takeUpGap(input: TakeUpInput): GapResult {
  const { schedule, progress, catchUp } = input;
  const upTo = lastOfGap(input);
  if (upTo === undefined) return { fire: [], progress };
  const wanted = wantedOf(catchUp);
  const all = occurrencesBetween(schedule, progress.cursorAt, upTo, progress.anchorAt, wanted + 1);
  if (all.count === 0 || all.first === undefined) return { fire: [], progress };
  const openStart = windowStart(input, upTo);
  const caughtUp = (wanted === 0 ? [] : all.newest.slice(-wanted)).filter((at) => at > openStart);
  const missedCount = all.count - caughtUp.length;
  const firstNumber = progress.occurrences + missedCount + 1;
  const fire = caughtUp.map((nominalAt, index): Occurrence => {
    const plannedAt = input.plan(nominalAt);
    return { nominalAt, plannedAt, trigger: 'catch-up', number: firstNumber + index };
  });
  const after: Progress = {
    cursorAt: upTo,
    anchorAt: progress.anchorAt,
    occurrences: progress.occurrences + all.count,
  };
  if (missedCount === 0) return { fire, progress: after };
  const lastMissedAt = all.newest.at(-1 - caughtUp.length) ?? all.first;
  const reason = lastMissedAt <= openStart ? 'window' : 'outage';
  const missed = { firstAt: all.first, lastAt: lastMissedAt, count: missedCount, reason } as const;
  return { fire, missed, progress: after };
}

/**
 * The last nominal time that belongs to the gap, or none. Jitter can carry the newest one past the
 * end of the gap (then it is still to come), and `repeats` can end the schedule inside it.
 */
function lastOfGap(input: TakeUpInput): Instant | undefined {
  const { schedule, progress, gapEndAt } = input;
  if (gapEndAt <= progress.cursorAt) return undefined;
  let upTo = gapEndAt;
  if (schedule.repeats !== undefined) {
    const bounded = nthAfter(schedule, progress, schedule.repeats - progress.occurrences, gapEndAt);
    if (bounded === undefined) return undefined;
    upTo = Math.min(upTo, bounded);
  }
  const newest = occurrencesBetween(schedule, progress.cursorAt, upTo, progress.anchorAt, 2).newest;
  const last = newest.at(-1);
  if (last === undefined) return undefined;
  return input.plan(last) <= gapEndAt ? last : newest.at(-2);
}

/** The `count`th occurrence after the cursor, or the last one at or before `limitAt`. */
function nthAfter(
  schedule: Schedule,
  progress: Progress,
  count: number,
  limitAt: Instant,
): Instant | undefined {
  let at: Instant | undefined;
  let after = progress.cursorAt;
  for (let produced = 0; produced < count; produced++) {
    const next = nextOccurrence(schedule, after, progress.anchorAt);
    if (next === undefined || next > limitAt) break;
    at = next;
    after = next;
  }
  return at;
}
