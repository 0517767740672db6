import type { Instant } from '../clock/clock.ts';
import { packedDate, weekday } from './civil-date.ts';
import type { LocalTime } from './local-time.ts';

/** Days from `first` to `last`, both included, as day numbers (0 is 1970-01-01). */
export interface DayRange {
  readonly first: number;
  readonly last: number;
  /** What a calendar file calls it: `Christmas Day`. */
  readonly words?: string;
}

/** Days of every year, both included, as `month * 32 + day`; `first > last` goes over the new year. */
export interface YearlyRange {
  readonly first: number;
  readonly last: number;
}

/** A stretch of local time in which nothing it applies to shall run, with somebody to ask. */
export interface FreezeWindow {
  readonly from: LocalTime;
  /** Exclusive. */
  readonly until: LocalTime;
  readonly owner?: string;
  readonly reason?: string;
}

/** An event of a calendar file that begins and ends at a time of day. */
export interface TimedEvent {
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
  readonly words: string;
}

/** A named set of days and of stretches of time, read in the zone of the job that uses it. */
export interface Calendar {
  readonly name: string;
  /** Equal keys mean equal times, with equal words for them. */
  readonly key: string;
  /** In order, and none over another. */
  readonly days: readonly DayRange[];
  readonly yearly: readonly YearlyRange[];
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  readonly freezes: readonly FreezeWindow[];
  /** In instants: events that name their zone. In order, and none over another. */
  readonly events: readonly TimedEvent[];
  /** In local time: events that name none. In order, and none over another. */
  readonly localEvents: readonly TimedEvent[];
}

const dayMs = 86_400_000;

/**
 * What holds an instant, and the local time it is for a job, in the calendar, in words; `undefined`
 * when nothing does.
 */
export function calendarEntryAt(
  calendar: Calendar,
  local: LocalTime,
  at: Instant,
): string | undefined {
  const freeze = calendar.freezes.find(({ from, until }) => from <= local && local < until);
  if (freeze) return freezeWords(freeze);
  const event = eventAt(calendar.events, at) ?? eventAt(calendar.localEvents, local);
  if (event) return event.words;
  const day = Math.floor(local / dayMs);
  if (calendar.weekdays.has(weekday(day))) return weekdayNames[weekday(day)];
  const packed = packedDate(day);
  const range = lastUpTo(calendar.days, ({ first }) => first <= day);
  if (range && day <= range.last) return withWords(dateText(packed), range.words);
  const inYear = packed % 512;
  return calendar.yearly.some((each) => isWithinYear(each, inYear)) ? dateText(packed) : undefined;
}

function eventAt(events: readonly TimedEvent[], time: number): TimedEvent | undefined {
  const event = lastUpTo(events, ({ from }) => from <= time);
  return event && time < event.until ? event : undefined;
}

/** The last one that begins by then: a file may have thousands, and is asked for each occurrence. */
function lastUpTo<Range>(
  ranges: readonly Range[],
  hasBegun: (range: Range) => boolean,
): Range | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range !== undefined && hasBegun(range)) low = middle + 1;
    else high = middle;
  }
  return ranges[low - 1];
}

function withWords(date: string, words: string | undefined): string {
  return words === undefined ? date : `${date}, ${words}`;
}

function isWithinYear({ first, last }: YearlyRange, inYear: number): boolean {
  return first <= last ? first <= inYear && inYear <= last : inYear >= first || inYear <= last;
}

function freezeWords({ owner, reason }: FreezeWindow): string {
  return ['freeze', ...(reason ? [reason] : []), ...(owner ? [`owner ${owner}`] : [])].join(', ');
}

function dateText(packed: number): string {
  const year = Math.floor(packed / 512);
  const month = String(Math.floor(packed / 32) % 16).padStart(2, '0');
  return `${year}-${month}-${String(packed % 32).padStart(2, '0')}`;
}

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
