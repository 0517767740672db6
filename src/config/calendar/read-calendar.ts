import type { Calendar, DayRange, YearlyRange } from '../../schedule/calendar.ts';
import { canonicalJson } from '../canonical-json.ts';
import { contentHash } from '../content-hash.ts';
import { quote } from '../describe-value.ts';
import { entrySpot, type Problem, type ValuePath, valueSpot } from '../problem.ts';
import type { Usable } from '../read-definitions.ts';
import type { CalendarDeclaration } from '../schema/calendar.ts';
import type { CalendarDefinition } from '../snapshot.ts';
import type { CalendarFiles } from './calendar-files.ts';
import { disjoint } from './disjoint.ts';
import { type DaysResult, parseDates, parseYearly } from './parse-days.ts';
import { readFreezes } from './read-freezes.ts';

export interface CalendarResult {
  /** Absent when there is a problem. */
  readonly definition?: CalendarDefinition;
  readonly problems: readonly Problem[];
}

/** One calendar, its file included. What is wrong with the file is told by who has read it. */
export function readCalendar(
  entry: Usable<CalendarDeclaration>,
  files: CalendarFiles,
): CalendarResult {
  const { name, place, value, refused } = entry;
  const path = ['calendars', name];
  const dates = readDays(place.file, [...path, 'dates'], value.dates, parseDates);
  const yearly = readDays(place.file, [...path, 'yearly'], value.yearly, parseYearly);
  const freezes = readFreezes(place.file, [...path, 'freeze'], value.freeze ?? []);
  const problems = [...dates.problems, ...yearly.problems, ...freezes.problems];
  const content = value.ics === undefined ? noEvents : files.contentOf(value.ics);
  if (content === undefined || refused !== undefined || problems.length > 0) return { problems };
  const calendar = withKey({
    name,
    days: inOrder([...dates.ranges, ...content.days]),
    yearly: yearly.ranges,
    weekdays: new Set((value.weekdays ?? []).map((day) => weekdays.indexOf(day))),
    freezes: freezes.freezes,
    events: content.events,
    localEvents: content.localEvents,
  });
  if (isEmpty(calendar)) return { problems: [emptyCalendar(entry)] };
  return {
    definition: {
      name,
      ...(value.description === undefined ? {} : { description: value.description }),
      ...(value.ics === undefined ? {} : { ics: value.ics }),
      calendar,
      place,
    },
    problems,
  };
}

const noEvents = { days: [], events: [], localEvents: [] };
const weekdays: readonly string[] = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function readDays<Range extends DayRange | YearlyRange>(
  file: string,
  path: ValuePath,
  texts: readonly string[] = [],
  parse: (text: string) => DaysResult<Range>,
) {
  const ranges: Range[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of texts.entries()) {
    const result = parse(text);
    if (result.ok) {
      ranges.push(result.range);
      continue;
    }
    const { offset, length, ...problem } = result.problem;
    problems.push({ ...problem, at: { ...valueSpot(file, ...path, index), offset, length } });
  }
  return { ranges, problems };
}

function inOrder(days: readonly DayRange[]): readonly DayRange[] {
  const ranges = days.map(({ first, last, ...rest }) => ({
    ...rest,
    from: first,
    until: last + 1,
  }));
  return disjoint(ranges).map(({ from, until, ...rest }) => ({
    first: from,
    last: until - 1,
    ...rest,
  }));
}

/** The content counts, not how it was written: a set is made a list, and lists are in order. */
function withKey(calendar: Omit<Calendar, 'key'>): Calendar {
  const { yearly, freezes, ...rest } = calendar;
  const content = {
    ...rest,
    weekdays: [...calendar.weekdays].sort(),
    yearly: yearly.map(canonicalJson).sort(),
    freezes: freezes.map(canonicalJson).sort(),
  };
  return { ...calendar, key: contentHash(canonicalJson(content)) };
}

function isEmpty(calendar: Calendar): boolean {
  const { days, yearly, weekdays, freezes, events, localEvents } = calendar;
  const lists = [days, yearly, freezes, events, localEvents];
  return weekdays.size === 0 && lists.every((list) => list.length === 0);
}

function emptyCalendar({ name, place, value }: Usable<CalendarDeclaration>): Problem {
  const hasFile = value.ics !== undefined;
  return {
    rule: 'empty-calendar',
    message: `the calendar ${quote(name)} has no day and no time in it`,
    at: hasFile
      ? valueSpot(place.file, 'calendars', name, 'ics')
      : entrySpot(place.file, 'calendars', name),
    help: hasFile
      ? 'The file has no event between 1970 and 2100. Add one, or remove the calendar.'
      : 'Give it `dates`, `yearly`, `weekdays`, `ics` or `freeze`, or remove it.',
  };
}
