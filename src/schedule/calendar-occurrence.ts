import type { Instant } from '../clock/clock.ts';
import { type CalendarRule, exclusionAt, longestShiftDays, shiftedTo } from './calendar-rule.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

// A day more than a shift: offsets of a zone may change in between.
export const shiftReachMs = (longestShiftDays + 1) * 86_400_000;

/**
 * The next occurrence strictly after `after` of a schedule whose excluded occurrences are moved:
 * those of the schedule itself, excluded ones too, and those that were moved. An instant at which
 * both fall is one occurrence.
 */
export function nextWithShifts(
  schedule: Schedule,
  rule: CalendarRule,
  after: Instant,
  anchor: Instant,
): Instant | undefined {
  const own = nextOccurrence(schedule, after, anchor);
  if (rule.shift === undefined) return own;
  const moved = rule.shift === 'next' ? movedForward : movedBack;
  const shifted = moved(schedule, rule, after, anchor, own);
  return own === undefined ? shifted : shifted === undefined ? own : Math.min(own, shifted);
}

type Moved = (
  schedule: Schedule,
  rule: CalendarRule,
  after: Instant,
  anchor: Instant,
  before: Instant | undefined,
) => Instant | undefined;

/** The first target after `after` of what was excluded up to then; only those before `before` matter. */
const movedForward: Moved = (schedule, rule, after, anchor, before) => {
  let best: Instant | undefined;
  let at = nextOccurrence(schedule, after - shiftReachMs, anchor);
  while (at !== undefined && at <= after) {
    best = earlier(best, targetAfter(schedule, rule, at, after));
    at = nextOccurrence(schedule, at, anchor);
  }
  return best !== undefined && before !== undefined && best > before ? undefined : best;
};

/** The first target after `after` of what is excluded later on. */
const movedBack: Moved = (schedule, rule, after, anchor, before) => {
  let best: Instant | undefined;
  let at = nextOccurrence(schedule, after, anchor);
  const limit = () =>
    Math.min(best ?? Number.POSITIVE_INFINITY, before ?? Number.POSITIVE_INFINITY) + shiftReachMs;
  while (at !== undefined && at <= limit()) {
    best = earlier(best, targetAfter(schedule, rule, at, after));
    at = nextOccurrence(schedule, at, anchor);
  }
  return best;
};

function targetAfter(
  schedule: Schedule,
  rule: CalendarRule,
  at: Instant,
  after: Instant,
): Instant | undefined {
  const target = movedTo(schedule, rule, at);
  return target !== undefined && target > after ? target : undefined;
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

/**
 * Where calendars move the schedule's occurrence at `at`; `undefined` when it stays, or when it is
 * skipped: no day takes it, or none between the schedule's `start` and `until`.
 */
export function movedTo(schedule: Schedule, rule: CalendarRule, at: Instant): Instant | undefined {
  if (rule.shift === undefined || exclusionAt(rule, at) === undefined) return undefined;
  const target = shiftedTo(rule, at);
  if (target === undefined || target < (schedule.startAt ?? target)) return undefined;
  return target < (schedule.untilAt ?? Number.POSITIVE_INFINITY) ? target : undefined;
}

/** An excluded occurrence that was moved, and what excluded it. */
export interface MovedOccurrence {
  readonly from: Instant;
  readonly reason: string;
}

/** What was moved to this instant, the nearest of several; nothing where the schedule itself fires. */
export function movedFrom(
  schedule: Schedule,
  rule: CalendarRule,
  at: Instant,
  anchor: Instant,
): MovedOccurrence | undefined {
  if (rule.shift === undefined || nextOccurrence(schedule, at - 1, anchor) === at) return undefined;
  const isLater = rule.shift === 'previous';
  let found: Instant | undefined;
  let source = nextOccurrence(schedule, isLater ? at : at - shiftReachMs, anchor);
  while (source !== undefined && source < (isLater ? at + shiftReachMs : at)) {
    if (movedTo(schedule, rule, source) === at) found = source;
    if (isLater && found !== undefined) break;
    source = nextOccurrence(schedule, source, anchor);
  }
  const reason = found === undefined ? undefined : exclusionAt(rule, found);
  return found === undefined || reason === undefined ? undefined : { from: found, reason };
}
