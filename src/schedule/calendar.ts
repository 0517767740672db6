import { packedDate, weekday } from './civil-date.ts';
import type { LocalTime } from './local-time.ts';

/** Days from `first` to `last`, both included, as day numbers (0 is 1970-01-01). */
export interface DayRange {
  readonly first: number;
  readonly last: number;
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

/** A named set of days and of stretches of time, read in the zone of the job that uses it. */
export interface Calendar {
  readonly name: string;
  readonly days: readonly DayRange[];
  readonly yearly: readonly YearlyRange[];
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  readonly freezes: readonly FreezeWindow[];
}

const dayMs = 86_400_000;

/** What holds a local time in the calendar, in words; `undefined` when it is not in it. */
export function calendarEntryAt(calendar: Calendar, local: LocalTime): string | undefined {
  const freeze = calendar.freezes.find(({ from, until }) => from <= local && local < until);
  if (freeze) return freezeWords(freeze);
  const day = Math.floor(local / dayMs);
  if (calendar.weekdays.has(weekday(day))) return weekdayNames[weekday(day)];
  const packed = packedDate(day);
  if (calendar.days.some(({ first, last }) => first <= day && day <= last)) return dateText(packed);
  const inYear = packed % 512;
  return calendar.yearly.some((range) => isWithinYear(range, inYear))
    ? dateText(packed)
    : undefined;
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
