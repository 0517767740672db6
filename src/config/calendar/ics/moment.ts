import { dayNumber, daysInMonth } from '../../../schedule/civil-date.ts';
import { instantOf } from '../../../schedule/local-time.ts';

/** A DATE or DATE-TIME value of RFC 5545. */
export interface Moment {
  /** 0 is 1970-01-01. */
  readonly day: number;
  /** Of the day; absent for a date alone. */
  readonly timeMs?: number;
  /** IANA name; absent where the time is that of whoever reads it. */
  readonly timezone?: string;
}

// `T::` is what the library makes of a date without `VALUE=DATE`, which is often left out.
const form = /^(\d{4})-(\d{2})-(\d{2})(?:T::|T(\d{2}):(\d{2}):(\d{2})(Z)?)?$/;
const dayMs = 86_400_000;

/** From the form of jCal (RFC 7265): `2026-12-25`, `2026-12-25T09:00:00Z`. */
export function readMoment(text: unknown, timezone: string | undefined): Moment | undefined {
  const match = form.exec(String(text));
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const date = { day: dayNumber(year, month, day) };
  if (match[4] === undefined) return date;
  const [hour = 0, minute = 0, second = 0] = match.slice(4, 7).map(Number);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  // A leap second is the last one of its minute: clocks here have none.
  const timeMs = ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000;
  const zone = match[7] === undefined ? timezone : 'UTC';
  return { ...date, timeMs, ...(zone === undefined ? {} : { timezone: zone }) };
}

/** An instant for what names a zone, a local time for what names none. */
export function pointOf({ day, timeMs = 0, timezone }: Moment): number {
  const local = day * dayMs + timeMs;
  return timezone === undefined ? local : instantOf(local, timezone);
}
