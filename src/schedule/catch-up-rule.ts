import type { Instant, Milliseconds } from '../clock/clock.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { TakeUpInput } from './take-up.ts';

export interface CatchUpRule {
  readonly mode: 'none' | 'latest' | 'all';
  readonly windowMs?: Milliseconds;
  readonly limit: number;
}

const dayMs = 86_400_000;

/** How many of the newest occurrences of a gap the rule asks for. */
export function wantedOf({ mode, limit }: CatchUpRule): number {
  if (mode === 'none') return 0;
  return mode === 'latest' ? 1 : limit;
}

/** What lies at or before this instant is too old to be caught up. */
export function windowStart(input: TakeUpInput, last: Instant): Instant {
  const { schedule, gapEndAt, catchUp, progress } = input;
  if (catchUp.windowMs !== undefined) return gapEndAt - catchUp.windowMs;
  if (schedule.type === 'one-time') return Number.NEGATIVE_INFINITY;
  const following = nextOccurrence(schedule, last, progress.anchorAt);
  const periodMs = following === undefined ? 0 : following - last;
  return gapEndAt - Math.max(dayMs, periodMs);
}
