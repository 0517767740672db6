import type { CalendarRule } from '../../schedule/calendar-rule.ts';
import { firesDenserThan } from '../../schedule/fires-denser-than.ts';
import type { Schedule } from '../../schedule/schedule.ts';
import { quote } from '../describe-value.ts';
import { type Problem, type ValuePath, valueSpot } from '../problem.ts';
import type { TimedJobDeclaration } from '../schema/job.ts';
import type { CalendarDefinition } from '../snapshot.ts';

export interface CalendarRuleResult {
  /** Absent when the job uses no calendars. */
  readonly rule?: CalendarRule;
  readonly problems: readonly Problem[];
}

interface JobWithCalendars {
  readonly name: string;
  readonly file: string;
  readonly declared: Pick<TimedJobDeclaration, 'only' | 'except' | 'shift'>;
  readonly schedule: Schedule;
}

/** A job's `only`, `except` and `shift`. Names that nothing has are told elsewhere. */
export function readCalendarRule(
  job: JobWithCalendars,
  calendars: ReadonlyMap<string, CalendarDefinition>,
): CalendarRuleResult {
  const { only, except, shift } = job.declared;
  if (only === undefined && except === undefined) {
    return { problems: shift === undefined ? [] : [shiftWithoutCalendar(job)] };
  }
  const find = (names: readonly string[]) =>
    names.flatMap((name) => calendars.get(name)?.calendar ?? []);
  const rule: CalendarRule = {
    only: find(namesOf(only)),
    except: find(namesOf(except)),
    ...(shift === undefined ? {} : { shift }),
    timezone: job.schedule.timezone,
  };
  const tooOften = shift !== undefined && firesDenserThan(job.schedule, hourMs);
  return {
    rule,
    problems: [...(tooOften ? [shiftTooOften(job)] : []), ...frozenOnly(job, calendars)],
  };
}

const hourMs = 3_600_000;

/** One name or several, as it is written. */
export function namesOf(names: string | readonly string[] | undefined): readonly string[] {
  return typeof names === 'string' ? [names] : (names ?? []);
}

const spot = ({ name, file }: JobWithCalendars, ...path: ValuePath) =>
  valueSpot(file, 'jobs', name, ...path);

function shiftWithoutCalendar(job: JobWithCalendars): Problem {
  return {
    rule: 'shift-without-calendar',
    message: `job ${quote(job.name)} has \`shift\`, and no calendar that could exclude anything`,
    at: spot(job, 'shift'),
    help: 'Say with `only` or `except` which calendars it keeps to, or remove `shift`.',
  };
}

function shiftTooOften(job: JobWithCalendars): Problem {
  return {
    rule: 'shift-too-often',
    message: `job ${quote(job.name)} fires more often than once an hour, and has \`shift\``,
    at: spot(job, 'shift'),
    help: 'A shift moves each excluded run to its time on another day, which has runs of its own at about that time: leave `shift` out.',
  };
}

/** What holds a job back everywhere else would be all that lets it run. */
function frozenOnly(
  job: JobWithCalendars,
  calendars: ReadonlyMap<string, CalendarDefinition>,
): readonly Problem[] {
  const { only } = job.declared;
  return namesOf(only).flatMap((name, index): readonly Problem[] => {
    const definition = calendars.get(name);
    if (definition === undefined || definition.calendar.freezes.length === 0) return [];
    const { place } = definition;
    return [
      {
        rule: 'freeze-in-only',
        message: `job ${quote(job.name)} would run within the freezes of calendar ${quote(name)}`,
        at: typeof only === 'string' ? spot(job, 'only') : spot(job, 'only', index),
        related: [{ at: valueSpot(place.file, 'calendars', name, 'freeze'), note: 'frozen here' }],
        help: 'Name the calendar in `except`, or move its freezes to a calendar of their own.',
      },
    ];
  });
}
