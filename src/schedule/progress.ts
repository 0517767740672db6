import type { Instant } from '../clock/clock.ts';
import { nextWithShifts } from './calendar-occurrence.ts';
import type { CalendarRule } from './calendar-rule.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

/** How far the ledger is complete for one job, and what belongs to its count. */
export interface Progress {
  readonly cursorAt: Instant;
  readonly anchorAt: Instant;
  readonly occurrences: number;
}

/** The next nominal time after the cursor, unless the schedule has produced all its `repeats`. */
export function nextWithin(
  schedule: Schedule,
  progress: Progress,
  calendars?: CalendarRule,
): Instant | undefined {
  const { cursorAt, anchorAt } = progress;
  if (isUsedUp(schedule, progress)) return undefined;
  if (calendars) return nextWithShifts(schedule, calendars, cursorAt, anchorAt);
  return nextOccurrence(schedule, cursorAt, anchorAt);
}

/** Whether it has produced all its `repeats`. */
export function isUsedUp({ repeats }: Schedule, { occurrences }: Progress): boolean {
  return repeats !== undefined && occurrences >= repeats;
}
