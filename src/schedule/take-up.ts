import type { Instant, Milliseconds } from '../clock/clock.ts';
import { nextOccurrence } from './next-occurrence.ts';
import { occurrencesBetween } from './occurrences-between.ts';
import type { Schedule } from './schedule.ts';

/** How far the ledger is complete for one job, and what belongs to its count. */
export interface Progress {
  readonly cursorAt: Instant;
  readonly anchorAt: Instant;
  readonly occurrences: number;
}

export interface CatchUpRule {
  readonly mode: 'none' | 'latest' | 'all';
  readonly windowMs?: Milliseconds;
  readonly limit: number;
}

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

export interface TakeUp {
  /** Oldest first. */
  readonly fire: readonly Occurrence[];
  readonly missed?: MissedStretch;
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
}

const dayMs = 86_400_000;

/**
 * Everything a job's schedule has produced since its cursor, each occurrence in exactly one place:
 * to fire on time, to fire as catch-up, or in the missed stretch. The one rule for every path.
 */
export function takeUp(input: TakeUpInput): TakeUp {
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

/** The next nominal time after the cursor, unless the schedule has produced all its `repeats`. */
export function nextWithin(schedule: Schedule, progress: Progress): Instant | undefined {
  const isUsedUp = schedule.repeats !== undefined && progress.occurrences >= schedule.repeats;
  return isUsedUp ? undefined : nextOccurrence(schedule, progress.cursorAt, progress.anchorAt);
}

type GapResult = Pick<TakeUp, 'fire' | 'missed' | 'progress'>;

const missedOf = (gap: GapResult) => (gap.missed === undefined ? {} : { missed: gap.missed });

function takeUpGap(input: TakeUpInput): GapResult {
  const { schedule, progress, catchUp } = input;
  const upTo = lastOfGap(input);
  if (upTo === undefined) return { fire: [], progress };
  const wanted = catchUp.mode === 'none' ? 0 : catchUp.mode === 'latest' ? 1 : catchUp.limit;
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

/** What lies at or before this instant is too old to be caught up. */
function windowStart(input: TakeUpInput, last: Instant): Instant {
  const { schedule, gapEndAt, catchUp, progress } = input;
  if (catchUp.windowMs !== undefined) return gapEndAt - catchUp.windowMs;
  if (schedule.type === 'one-time') return Number.NEGATIVE_INFINITY;
  const following = nextOccurrence(schedule, last, progress.anchorAt);
  const periodMs = following === undefined ? 0 : following - last;
  return gapEndAt - Math.max(dayMs, periodMs);
}
