import type { Instant } from '../clock/clock.ts';
import { type CalendarRule, exclusionAt } from './calendar-rule.ts';
import { countCronDays, type DayKinds } from './count-cron-days.ts';
import { horizonStart } from './horizon.ts';
import { judgedAlikeUntil } from './judged-alike-until.ts';
import { nextOccurrence } from './next-occurrence.ts';
import { occurrencesBetween } from './occurrences-between.ts';
import type { Schedule } from './schedule.ts';

/** Occurrences that follow one another and that calendars judge alike. */
export interface GapPiece {
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly count: number;
  /** Why they are excluded; `undefined` when they are allowed. */
  readonly reason: string | undefined;
}

/**
 * The occurrences in (after, upTo] of a schedule that moves none, in pieces of a day at most, the
 * oldest first. Made for long outages: a year of seconds takes milliseconds.
 */
export function gapPieces(
  schedule: Schedule,
  rule: CalendarRule,
  { after, upTo, anchor }: { after: Instant; upTo: Instant; anchor: Instant },
): readonly GapPiece[] {
  const pieces: GapPiece[] = [];
  const kinds: DayKinds = new Map();
  let from = after;
  for (;;) {
    const firstAt = nextOccurrence(schedule, from, anchor);
    if (firstAt === undefined || firstAt > upTo) return pieces;
    const end = Math.min(judgedAlikeUntil(rule, firstAt) - 1, upTo);
    const { count, lastAt = firstAt } = counted(schedule, { from, end, anchor, kinds });
    pieces.push({ firstAt, lastAt, count, reason: exclusionAt(rule, firstAt) });
    from = end;
  }
}

function counted(
  schedule: Schedule,
  piece: { from: Instant; end: Instant; anchor: Instant; kinds: DayKinds },
): { readonly count: number; readonly lastAt: Instant | undefined } {
  const { from, end, anchor, kinds } = piece;
  if (schedule.type !== 'cron') {
    const { count, last } = occurrencesBetween(schedule, from, end, anchor, 1);
    return { count, lastAt: last };
  }
  const { startAt = horizonStart, untilAt = Number.POSITIVE_INFINITY } = schedule;
  let count = 0;
  let lastAt: Instant | undefined;
  const bounds = [Math.max(from, startAt - 1), Math.min(end, untilAt - 1)] as const;
  for (const day of countCronDays(schedule, ...bounds, kinds)) {
    count += day.count;
    lastAt = day.last ?? lastAt;
  }
  return { count, lastAt };
}
