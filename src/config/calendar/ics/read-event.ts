import type { Milliseconds } from '../../../clock/clock.ts';
import type { ZoneFinder } from './event-zones.ts';
import { firstValueOf, type JcalComponent, type JcalProperty, propertiesOf } from './jcal.ts';
import { type Moment, pointOf, readMoment } from './moment.ts';
import { type RecurrenceRule, readRecurrenceRule } from './recurrence-rule.ts';

/** A VEVENT, as far as it says when. */
export interface IcsEvent {
  readonly uid: string;
  readonly start: Moment;
  /** Of an event of whole days; 0 for one that has a time of day. */
  readonly days: number;
  /** Of an event that has a time of day. */
  readonly durationMs: Milliseconds;
  readonly rules: readonly RecurrenceRule[];
  readonly further: readonly Moment[];
  readonly excluded: readonly Moment[];
  /** Which repetition of the other event of this `uid` it takes the place of. */
  readonly replaces?: Moment;
  readonly isCancelled: boolean;
  readonly words: string | undefined;
}

/** What is wrong with an event, and the property it is in. */
export interface EventProblem {
  readonly property: string;
  readonly message: string;
  readonly help: string;
}

export type EventResult =
  | { readonly ok: true; readonly event: IcsEvent }
  | { readonly ok: false; readonly problem: EventProblem };

export function readEvent(component: JcalComponent, zoneOf: ZoneFinder): EventResult {
  try {
    return { ok: true, event: eventOf(component, zoneOf) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Leaves the reading of one event from wherever it is. */
class Refusal extends Error {
  readonly problem: EventProblem;

  constructor(property: string, message: string, help: string) {
    super(message);
    this.problem = { property, message, help };
  }
}

function eventOf(component: JcalComponent, zoneOf: ZoneFinder): IcsEvent {
  const moments = (name: string) =>
    propertiesOf(component, name).flatMap((property) => momentsOf(property, zoneOf));
  const [start] = moments('dtstart');
  if (start === undefined) {
    throw new Refusal('begin', 'an event has no DTSTART', 'Say on which day it begins.');
  }
  refuseUnsupported(component);
  const [replaces] = moments('recurrence-id');
  return {
    uid: String(firstValueOf(component, 'uid') ?? ''),
    start,
    ...lengthOf(component, start, moments('dtend')[0]),
    rules: propertiesOf(component, 'rrule').map(ruleOf),
    further: moments('rdate'),
    excluded: moments('exdate'),
    ...(replaces === undefined ? {} : { replaces }),
    isCancelled: firstValueOf(component, 'status') === 'CANCELLED',
    words: wordsOf(firstValueOf(component, 'summary')),
  };
}

function momentsOf([name, parameters, , ...values]: JcalProperty, zoneOf: ZoneFinder) {
  const tzid = parameters.tzid === undefined ? undefined : String(parameters.tzid);
  const timezone = tzid === undefined ? undefined : zoneOf(tzid);
  return values.map((value): Moment => {
    const moment = readMoment(value, timezone);
    if (moment === undefined) {
      const label = name.toUpperCase();
      throw new Refusal(name, `${label} is not a date or time that exists`, dateHelp);
    }
    // Whole days are whole days in every zone.
    if (tzid !== undefined && timezone === undefined && moment.timeMs !== undefined) {
      throw new Refusal(name, `the time zone "${tzid.slice(0, 60)}" is not known`, zoneHelp);
    }
    return moment;
  });
}

const dateHelp = 'Write it like `20261225`, or like `20261225T090000Z` with a time.';
const zoneHelp = 'Use an IANA name such as `Europe/Athens`, or whole days (`VALUE=DATE`).';

function refuseUnsupported(component: JcalComponent): void {
  const [exrule] = propertiesOf(component, 'exrule');
  if (exrule !== undefined) {
    throw new Refusal('exrule', 'EXRULE is not supported', 'List the days with EXDATE.');
  }
  const [replaces] = propertiesOf(component, 'recurrence-id');
  if (replaces?.[1].range !== undefined) {
    const help = 'End the first event with UNTIL, and make another one.';
    throw new Refusal('recurrence-id', 'RANGE=THISANDFUTURE is not supported', help);
  }
}

const dayMs = 86_400_000;

function lengthOf(component: JcalComponent, start: Moment, end: Moment | undefined) {
  const isWholeDays = start.timeMs === undefined;
  const durationMs = end === undefined ? durationOf(component) : lengthBetween(start, end);
  if (durationMs !== undefined && durationMs < 0) {
    throw new Refusal('dtend', 'an event ends before it begins', 'Correct DTSTART or DTEND.');
  }
  if (!isWholeDays) return { days: 0, durationMs: durationMs ?? 0 };
  // One day when it has no end, or one on its first day, as some programs write it.
  return { days: Math.max(1, Math.round((durationMs ?? 0) / dayMs)), durationMs: 0 };
}

function lengthBetween(start: Moment, end: Moment): Milliseconds {
  if (start.timeMs === undefined) return (end.day - start.day) * dayMs;
  return pointOf(end) - pointOf(start);
}

function durationOf(component: JcalComponent): Milliseconds | undefined {
  const text = firstValueOf(component, 'duration');
  if (text === undefined) return undefined;
  const match = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    String(text),
  );
  if (match === null) {
    throw new Refusal('duration', 'DURATION cannot be read', 'Write it like `P1D` or `PT2H`.');
  }
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(2)
    .map((part) => Number(part ?? 0));
  const ms = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return match[1] === '-' ? -ms : ms;
}

function ruleOf([, , , value]: JcalProperty): RecurrenceRule {
  const result = readRecurrenceRule(value);
  if (result.ok) return result.rule;
  const help = 'Rules repeat by day, week, month or year, and choose whole days.';
  throw new Refusal('rrule', `RRULE is not supported: ${result.message}`, help);
}

/** On one line, and short enough to be a reason. */
function wordsOf(summary: unknown): string | undefined {
  if (typeof summary !== 'string') return undefined;
  const words = summary.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return words === '' ? undefined : words.slice(0, 80);
}
