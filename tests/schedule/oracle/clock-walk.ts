import type { DateFacts } from './cron-meaning.ts';

/** One reading of a zone's clock. */
export interface Reading {
  /** Epoch seconds. Of a skipped reading: the first instant after the gap. */
  readonly at: number;
  /** Where a skipped reading lands when it is moved forward by the gap; else `at`. */
  readonly shiftedAt: number;
  readonly minute: number;
  readonly second: number;
  kind: 'only' | 'first' | 'second' | 'skipped';
}

/** A date with its readings, in the hours that the clock shows. */
export interface ClockDay {
  readonly date: DateFacts;
  readonly hours: Map<number, Reading[]>;
}

/** All that a clock shows, and leaves out, from one instant to another, by date. */
export interface ClockWalk {
  readonly from: number;
  readonly until: number;
  readonly days: readonly ClockDay[];
}

/**
 * Reads the clock every `step` seconds over [from, until). Knows nothing of offsets and their
 * tables: a reading is skipped when the clock jumps over it, repeated when it was seen before.
 */
export function walkClock(zone: string, from: number, until: number, step: number): ClockWalk {
  const seen = new Map<number, Reading>();
  const days = new Map<number, ClockDay>();
  let previous = Number.NaN;
  for (let at = from; at < until; at += step) {
    const shown = shownBy(readClock(zone, at));
    for (let skipped = previous + step; skipped < shown; skipped += step)
      add(days, skipped, readingOf(skipped, at, whereShifted(zone, skipped), 'skipped'));
    const earlier = seen.get(shown);
    if (earlier !== undefined) earlier.kind = 'first';
    const reading = readingOf(shown, at, at, earlier === undefined ? 'only' : 'second');
    if (earlier === undefined) seen.set(shown, reading);
    add(days, shown, reading);
    previous = shown;
  }
  return { from, until, days: [...days.values()] };
}

function readClock(zone: string, second: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(second * 1000)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime();
}

/** What a clock shows, as one number: the seconds it would be after 1970 if it showed UTC. */
function shownBy({ year, month, day, hour, minute, second }: Temporal.PlainDateTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function readingOf(shown: number, at: number, shiftedAt: number, kind: Reading['kind']): Reading {
  const ofDay = secondOfDay(shown);
  return { at, shiftedAt, minute: Math.floor(ofDay / 60) % 60, second: ofDay % 60, kind };
}

const daySeconds = 86_400;

function secondOfDay(shown: number): number {
  return shown - Math.floor(shown / daySeconds) * daySeconds;
}

function whereShifted(zone: string, skipped: number): number {
  const time = readClock('UTC', skipped);
  return time.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds / 1000;
}

function add(days: Map<number, ClockDay>, shown: number, reading: Reading): void {
  const number = Math.floor(shown / daySeconds);
  const day = days.get(number) ?? { date: dateOf(shown), hours: new Map() };
  days.set(number, day);
  const hour = Math.floor(secondOfDay(shown) / 3600);
  const readings = day.hours.get(hour);
  if (readings === undefined) day.hours.set(hour, [reading]);
  else readings.push(reading);
}

function dateOf(shown: number): DateFacts {
  const { day, month, dayOfWeek, daysInMonth } = readClock('UTC', shown);
  return { day, month, dayOfWeek, daysInMonth };
}
