import ICAL from 'ical.js';
import type { DayRange, TimedEvent } from '../../../schedule/calendar.ts';
import { disjoint, type Range } from '../disjoint.ts';
import { brokenLines } from './broken-lines.ts';
import { eventStarts } from './event-starts.ts';
import { zoneFinder } from './event-zones.ts';
import { componentsOf, type JcalComponent } from './jcal.ts';
import { eventOffsets, propertyLine } from './locate-event.ts';
import { type Moment, pointOf } from './moment.ts';
import { type IcsEvent, readEvent } from './read-event.ts';

/** What the events of a file come to, between 1970 and 2100. */
export interface IcsContent {
  readonly days: readonly DayRange[];
  /** In instants, for events that name their zone. */
  readonly events: readonly TimedEvent[];
  /** In local time, for those that name none. */
  readonly localEvents: readonly TimedEvent[];
}

export interface IcsProblem {
  readonly message: string;
  readonly help: string;
  /** Where in the text, as far as that is known. */
  readonly start?: number;
  readonly end?: number;
}

export type IcsResult = IcsContent & { readonly problems: readonly IcsProblem[] };

/** The events of an iCalendar file (RFC 5545). Never throws, whatever the text is. */
export function parseIcs(text: string): IcsResult {
  let calendars: readonly JcalComponent[];
  try {
    calendars = calendarsOf(ICAL.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return { ...nothing, problems: syntaxProblems(text) };
  }
  if (calendars.length === 0) return { ...nothing, problems: [noCalendar] };
  const { events, problems } = readEvents(calendars, text);
  return problems.length > 0 ? { ...nothing, problems } : contentOf(events);
}

const nothing: IcsContent = { days: [], events: [], localEvents: [] };

const noCalendar: IcsProblem = {
  message: 'there is no calendar in it',
  help: 'An iCalendar file begins with `BEGIN:VCALENDAR`.',
};

/** One component, or a list of them when the file has several. */
function calendarsOf(parsed: unknown): readonly JcalComponent[] {
  const list = Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : parsed;
  return (list as readonly JcalComponent[]).filter(([name]) => name === 'vcalendar');
}

function syntaxProblems(text: string): readonly IcsProblem[] {
  const lines = brokenLines(text);
  return (lines.length === 0 ? [{}] : lines).map((line) => ({
    message: 'it is not in the form of RFC 5545',
    help: 'Every line is `NAME:value`, and each BEGIN has its END. Export it once more.',
    ...line,
  }));
}

function readEvents(calendars: readonly JcalComponent[], text: string) {
  const zoneOf = zoneFinder(calendars);
  const offsets = eventOffsets(text);
  const events: IcsEvent[] = [];
  const problems: IcsProblem[] = [];
  const components = calendars.flatMap((calendar) => componentsOf(calendar, 'vevent'));
  for (const [index, component] of components.entries()) {
    const result = readEvent(component, zoneOf);
    if (result.ok) events.push(result.event);
    else {
      const { property, message, help } = result.problem;
      problems.push({ message, help, ...propertyLine(text, offsets[index] ?? 0, property) });
    }
  }
  return { events, problems };
}

// More times than this, repetitions counted, are no calendar of days off; and rules that choose
// hardly any day may look at many more for nothing.
const mostTimes = 50_000;
const mostDaysLookedAt = 2_000_000;

function contentOf(events: readonly IcsEvent[]): IcsResult {
  const replaced = replacedTimes(events);
  const budget = { left: mostDaysLookedAt };
  const ranges = { days: [] as Range[], events: [] as Range[], localEvents: [] as Range[] };
  let count = 0;
  for (const event of events) {
    if (event.isCancelled) continue;
    const others = event.replaces === undefined ? replaced.get(event.uid) : undefined;
    for (const start of eventStarts(event, others ?? [], budget)) {
      count += 1;
      if (count > mostTimes) break;
      ranges[kindOf(start)].push(rangeOf(event, start));
    }
    if (budget.left < 0 || count > mostTimes) return { ...nothing, problems: [tooMany] };
  }
  return {
    days: disjoint(ranges.days.filter(isInTime)).map(({ from, until, ...words }) => ({
      first: from,
      last: until - 1,
      ...words,
    })),
    events: timed(ranges.events),
    localEvents: timed(ranges.localEvents),
    problems: [],
  };
}

const tooMany: IcsProblem = {
  message: `its events and their repetitions are more than ${mostTimes}, or never come`,
  help: 'End repetitions with UNTIL or COUNT, and keep only events that jobs depend on.',
};

function replacedTimes(events: readonly IcsEvent[]): ReadonlyMap<string, readonly Moment[]> {
  const replaced = new Map<string, Moment[]>();
  for (const { uid, replaces } of events) {
    if (replaces === undefined) continue;
    const known = replaced.get(uid);
    if (known === undefined) replaced.set(uid, [replaces]);
    else known.push(replaces);
  }
  return replaced;
}

function kindOf({ timeMs, timezone }: Moment): 'days' | 'events' | 'localEvents' {
  if (timeMs === undefined) return 'days';
  return timezone === undefined ? 'localEvents' : 'events';
}

function rangeOf({ days, durationMs, words }: IcsEvent, start: Moment): Range {
  const from = start.timeMs === undefined ? start.day : pointOf(start);
  const named = words === undefined ? {} : { words };
  return { from, until: from + (start.timeMs === undefined ? days : durationMs), ...named };
}

/** Not wholly before 1970. */
const isInTime = ({ until }: Range) => until > 0;

function timed(ranges: readonly Range[]): readonly TimedEvent[] {
  return disjoint(ranges.filter(isInTime)).map(({ from, until, words = 'an event' }) => ({
    from,
    until,
    words,
  }));
}
