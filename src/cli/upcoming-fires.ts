import type { JobState } from '../backend/backend.ts';
import type { Instant, Milliseconds } from '../clock/clock.ts';
import { jitterMs } from '../schedule/jitter.ts';
import { nextOccurrence } from '../schedule/next-occurrence.ts';
import type { Schedule } from '../schedule/schedule.ts';

export interface Fire {
  readonly nominalAt: Instant;
  /** Nominal time plus jitter. */
  readonly plannedAt: Instant;
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
  const { name, schedule, state, firstSeenAt } = scheduled;
  const anchorAt = state?.anchorAt ?? firstSeenAt;
  const most = Math.min(range.count, repeatsLeft(scheduled, range.after, anchorAt));
  const fires: Fire[] = [];
  let nominalAt = nextOccurrence(schedule, range.after, anchorAt);
  while (fires.length < most && nominalAt !== undefined) {
    if (range.until !== undefined && nominalAt >= range.until) break;
    const following = nextOccurrence(schedule, nominalAt, anchorAt);
    const delayMs = jitterMs(name, nominalAt, scheduled.jitterMs, following);
    fires.push({ nominalAt, plannedAt: nominalAt + delayMs });
    nominalAt = following;
  }
  return fires;
}

function repeatsLeft(
  { schedule, state, firstSeenAt }: Scheduled,
  after: Instant,
  anchorAt: Instant,
) {
  if (schedule.repeats === undefined) return Number.POSITIVE_INFINITY;
  let left = schedule.repeats - (state?.occurrences ?? 0);
  let at = nextOccurrence(schedule, state?.cursorAt ?? firstSeenAt, anchorAt);
  while (left > 0 && at !== undefined && at <= after) {
    left -= 1;
    at = nextOccurrence(schedule, at, anchorAt);
  }
  return left;
}
