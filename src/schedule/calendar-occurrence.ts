import type { Instant } from '../clock/clock.ts';
import { type CalendarRule, exclusionAt, longestShiftDays, shiftedTo } from './calendar-rule.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

// A day more than a shift: offsets of a zone may change in between.
const reachMs = (longestShiftDays + 1) * 86_400_000;

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
  let at = nextOccurrence(schedule, after - reachMs, anchor);
  while (at !== undefined && at <= after) {
    best = earlier(best, targetAfter(rule, at, after));
    at = nextOccurrence(schedule, at, anchor);
  }
  return best !== undefined && before !== undefined && best > before ? undefined : best;
};

/** The first target after `after` of what is excluded later on. */
const movedBack: Moved = (schedule, rule, after, anchor, before) => {
  let best: Instant | undefined;
  let at = nextOccurrence(schedule, after, anchor);
  const limit = () =>
    Math.min(best ?? Number.POSITIVE_INFINITY, before ?? Number.POSITIVE_INFINITY) + reachMs;
  while (at !== undefined && at <= limit()) {
    best = earlier(best, targetAfter(rule, at, after));
    at = nextOccurrence(schedule, at, anchor);
  }
  return best;
};

function targetAfter(rule: CalendarRule, at: Instant, after: Instant): Instant | undefined {
  if (exclusionAt(rule, at) === undefined) return undefined;
  const target = shiftedTo(rule, at);
  return target !== undefined && target > after ? target : undefined;
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}
