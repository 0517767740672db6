import { dayNumber } from '../../../schedule/civil-date.ts';
import { lastCalendarYear } from '../parse-days.ts';
import { type Moment, pointOf } from './moment.ts';
import type { IcsEvent } from './read-event.ts';
import type { RecurrenceRule } from './recurrence-rule.ts';
import { type Budget, recurringDays } from './recurring-days.ts';

const lastDay = dayNumber(lastCalendarYear, 12, 31);

/**
 * When an event begins, each time once, without what it excludes and without what other events
 * (`replaced`) take the place of.
 */
export function* eventStarts(
  event: IcsEvent,
  replaced: readonly Moment[],
  budget: Budget,
): Generator<Moment> {
  const without = exclusionOf(event, [...event.excluded, ...replaced]);
  const seen = new Set<number>();
  for (const moment of allStarts(event, budget)) {
    const point = pointOf(moment);
    if (seen.has(point) || without(moment, point)) continue;
    seen.add(point);
    yield moment;
  }
}

function* allStarts({ start, rules, further }: IcsEvent, budget: Budget): Generator<Moment> {
  if (rules.length === 0) yield start;
  for (const rule of rules) yield* startsOf(rule, start, budget);
  yield* further;
}

function* startsOf(rule: RecurrenceRule, start: Moment, budget: Budget): Generator<Moment> {
  for (const day of recurringDays(rule, start.day, lastDay, budget)) {
    const moment = { ...start, day };
    if (rule.until !== undefined && isAfter(moment, rule.until)) return;
    yield moment;
  }
}

/** `UNTIL` is inclusive. */
function isAfter(moment: Moment, until: Moment): boolean {
  if (moment.timeMs === undefined || until.timeMs === undefined) return moment.day > until.day;
  return pointOf(moment) > pointBeside(moment, until);
}

/** Of a moment that names no zone, or names one where the event does not, in the event's terms. */
function pointBeside(start: Moment, { timezone, ...local }: Moment): number {
  if (start.timezone === undefined) return pointOf(local);
  return pointOf({ ...local, timezone: timezone ?? start.timezone });
}

function exclusionOf({ start }: IcsEvent, excluded: readonly Moment[]) {
  const isDated = (moment: Moment) => moment.timeMs === undefined || start.timeMs === undefined;
  const days = new Set(excluded.filter(isDated).map(({ day }) => day));
  const timed = excluded.filter((moment) => !isDated(moment));
  const points = new Set(timed.map((moment) => pointBeside(start, moment)));
  return (moment: Moment, point: number) => days.has(moment.day) || points.has(point);
}
