import type { Instant } from '../clock/clock.ts';
import { type MovedOccurrence, movedFrom, movedTo, nextWithShifts } from './calendar-occurrence.ts';
import { type CalendarRule, exclusionAt } from './calendar-rule.ts';
import { judgedAlikeUntil } from './judged-alike-until.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

/** An occurrence with what the calendars of its job make of it. */
export interface JudgedOccurrence {
  readonly nominalAt: Instant;
  /** Why it does not run, and where it goes if it is moved. */
  readonly excluded?: { readonly reason: string; readonly movedTo?: Instant };
  /** What was moved here. */
  readonly moved?: MovedOccurrence;
}

/** The next occurrence, excluded or not, strictly after `after`. */
export function nextByCalendar(
  schedule: Schedule,
  rule: CalendarRule | undefined,
  after: Instant,
  anchor: Instant,
): JudgedOccurrence | undefined {
  const nominalAt =
    rule === undefined
      ? nextOccurrence(schedule, after, anchor)
      : nextWithShifts(schedule, rule, after, anchor);
  if (nominalAt === undefined) return undefined;
  if (rule === undefined) return { nominalAt };
  const reason = exclusionAt(rule, nominalAt);
  if (reason !== undefined) {
    const target = movedTo(schedule, rule, nominalAt);
    const excluded = { reason, ...(target === undefined ? {} : { movedTo: target }) };
    return { nominalAt, excluded };
  }
  const moved = movedFrom(schedule, rule, nominalAt, anchor);
  return moved === undefined ? { nominalAt } : { nominalAt, moved };
}

// So many days without one, some centuries, or so many moved times: none is in sight.
const mostExcluded = 200_000;

/** The next occurrence that calendars let run; `undefined` when there is none, or none in sight. */
export function nextAllowed(
  schedule: Schedule,
  rule: CalendarRule | undefined,
  after: Instant,
  anchor: Instant,
): Instant | undefined {
  let from = after;
  for (let count = 0; count < mostExcluded; count++) {
    const next = nextByCalendar(schedule, rule, from, anchor);
    if (next === undefined || rule === undefined || next.excluded === undefined) {
      return next?.nominalAt;
    }
    from = judgedAlikeUntil(rule, next.nominalAt) - 1;
  }
  return undefined;
}
