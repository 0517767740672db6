import type { Instant } from '../clock/clock.ts';
import { entrySpot, type Problem, valueSpot } from '../config/problem.ts';
import type { CalendarDefinition } from '../config/snapshot.ts';
import type { Calendar } from '../schedule/calendar.ts';
import type { LintRule } from './rule.ts';

const dayMs = 86_400_000;

/** Freezes that are over, and calendars that hold nothing but what is over: last year's holidays. */
export const calendarOver: LintRule = (snapshot, { now }) => {
  if (now === undefined) return [];
  // In no zone is a local time later than this still to come.
  const today = now - dayMs;
  return [...snapshot.calendars.values()].flatMap((definition) =>
    endOf(definition.calendar) <= today
      ? [calendarOverProblem(definition)]
      : freezesOver(definition, today),
  );
};

/** The local time at which the last of it is over; never, for what recurs. */
function endOf({ weekdays, yearly, days, freezes, events, localEvents }: Calendar): number {
  if (weekdays.size > 0 || yearly.length > 0) return Number.POSITIVE_INFINITY;
  const ends = [...freezes, ...events, ...localEvents].map(({ until }) => until);
  return Math.max(...days.slice(-1).map(({ last }) => (last + 1) * dayMs), ...ends);
}

function calendarOverProblem({ name, place }: CalendarDefinition): Problem {
  return {
    rule: 'calendar-over',
    severity: 'warning',
    message: `all of the calendar "${name}" is in the past`,
    at: entrySpot(place.file, 'calendars', name),
    help: 'Add the days to come, or remove it.',
  };
}

function freezesOver({ name, place, calendar }: CalendarDefinition, today: Instant): Problem[] {
  return calendar.freezes.flatMap(({ until }, index) =>
    until > today
      ? []
      : [
          {
            rule: 'freeze-over',
            severity: 'warning' as const,
            message: `a freeze of the calendar "${name}" is over`,
            at: valueSpot(place.file, 'calendars', name, 'freeze', index, 'until'),
            note: 'this is in the past',
            help: 'Remove it.',
          },
        ],
  );
}
