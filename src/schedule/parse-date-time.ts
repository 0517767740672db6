import type { Instant } from '../clock/clock.ts';
import { dayNumber, daysInMonth } from './civil-date.ts';
import { firstYear, lastYear } from './horizon.ts';
import { instantOf } from './local-time.ts';
import { shortened } from './shortened.ts';

export interface DateTimeProblem {
  readonly message: string;
  readonly help: string;
}

export type DateTimeResult =
  | { readonly ok: true; readonly at: Instant }
  | { readonly ok: false; readonly problem: DateTimeProblem };

const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

const howTo = 'Write it like `2027-07-29 11:35:49`, with `Z` or an offset when it is not local.';

/**
 * An ISO 8601 date-time. Without `Z` or an offset it is local time of the zone: one that the clock
 * skips moves forward by the gap, of two equal ones it is the first. A date alone is midnight.
 * Below the millisecond it is cut off. Never throws, whatever it is given.
 */
export function parseDateTime(written: unknown, timezone: string): DateTimeResult {
  if (typeof written !== 'string')
    return failed('the time is not a text', `${howTo} In YAML, put it in quotes.`);
  const match = form.exec(written.trim());
  if (match === null) return failed(`"${shortened(written)}" is not a date and time`, howTo);
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const parts = [year, month, day, hour, minute, second] as const;
  const problem = rangeProblem(...(parts as readonly number[] as Parts), written);
  if (problem !== undefined) return { ok: false, problem };
  return placed(parts as readonly number[] as Parts, match[7], match[8], timezone, written);
}

type Parts = [number, number, number, number, number, number];

function rangeProblem(...args: [...Parts, string]): DateTimeProblem | undefined {
  const [year, month, day, hour, minute, second, written] = args;
  const named = `"${shortened(written)}"`;
  if (year < firstYear || year > lastYear)
    return {
      message: `${named} is outside the years ${firstYear} to ${lastYear}`,
      help: 'Check the year.',
    };
  if (month < 1 || month > 12)
    return { message: `${named} has no month ${month}`, help: 'Months are 01 to 12.' };
  if (day < 1 || day > daysInMonth(year, month))
    return {
      message: `${named} is a day that does not exist`,
      help: `That month has ${daysInMonth(year, month)} days.`,
    };
  if (hour > 23)
    return { message: `${named} has no hour ${hour}`, help: 'Midnight is 00:00 of the next day.' };
  if (minute > 59 || second > 59)
    return { message: `${named} is not a time of day`, help: 'Minutes and seconds are 00 to 59.' };
  return undefined;
}

function placed(
  [year, month, day, hour, minute, second]: Parts,
  fraction: string | undefined,
  offset: string | undefined,
  timezone: string,
  written: string,
): DateTimeResult {
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const seconds = dayNumber(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  const local = seconds * 1000 + ms;
  if (offset === undefined) return { ok: true, at: instantOf(local, timezone) };
  if (offset === 'Z' || offset === 'z') return { ok: true, at: local };
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59)
    return failed(`"${shortened(written)}" has no valid offset`, 'Offsets look like `+02:00`.');
  const size = (hours * 60 + minutes) * 60_000;
  return { ok: true, at: offset.startsWith('-') ? local + size : local - size };
}

function failed(message: string, help: string): DateTimeResult {
  return { ok: false, problem: { message, help } };
}
