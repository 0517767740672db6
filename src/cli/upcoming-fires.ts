import type { JobState } from '../backend/backend.ts';
import type { Instant, Milliseconds } from '../clock/clock.ts';
import { type FireEffect, fireEffect } from '../schedule/fire-effect.ts';
import { jitterMs } from '../schedule/jitter.ts';
import { nextOccurrence } from '../schedule/next-occurrence.ts';
import { occurrencesBetween } from '../schedule/occurrences-between.ts';
import type { Schedule } from '../schedule/schedule.ts';

export interface Fire {
  readonly nominalAt: Instant;
  /** Nominal time plus jitter. */
  readonly plannedAt: Instant;
  /** What a change of the clocks does to it. */
  readonly effect?: FireEffect;
}

export interface FireRange {
  /** Exclusive. */
  readonly after: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  readonly count: number;
}

export interface Scheduled {
  /** Decides the jitter. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly jitterMs: Milliseconds;
  /** What is remembered of it; without, it is taken to be seen first at `firstSeenAt`. */
  readonly state?: JobState | undefined;
  readonly firstSeenAt: Instant;
}

/** When a schedule will fire in a range. `repeats` counts on from what has fired already. */
export function upcomingFires(scheduled: Scheduled, range: FireRange): readonly Fire[] {
  const { name, schedule } = scheduled;
  const anchorAt = anchorOf(scheduled);
  const most = Math.min(range.count, repeatsLeft(scheduled, range.after, anchorAt));
  const fires: Fire[] = [];
  let nominalAt = nextOccurrence(schedule, range.after, anchorAt);
  while (fires.length < most && nominalAt !== undefined) {
    if (range.until !== undefined && nominalAt >= range.until) break;
    const following = nextOccurrence(schedule, nominalAt, anchorAt);
    const delayMs = jitterMs(name, nominalAt, scheduled.jitterMs, following);
    const effect = fireEffect(schedule, nominalAt, anchorAt);
    const fire = { nominalAt, plannedAt: nominalAt + delayMs };
    fires.push(effect === undefined ? fire : { ...fire, effect });
    nominalAt = following;
  }
  return fires;
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

function repeatsLeft(
  { schedule, state, firstSeenAt }: Scheduled,
  after: Instant,
  anchorAt: Instant,
): number {
  if (schedule.repeats === undefined) return Number.POSITIVE_INFINITY;
  const cursorAt = state?.cursorAt ?? firstSeenAt;
  const left = schedule.repeats - (state?.occurrences ?? 0);
  if (after <= cursorAt) return left;
  return left - occurrencesBetween(schedule, cursorAt, after, anchorAt, 0).count;
}
