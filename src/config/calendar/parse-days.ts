import type { DayRange, YearlyRange } from '../../schedule/calendar.ts';
import { dayNumber, daysInMonth } from '../../schedule/civil-date.ts';
import { quote } from '../describe-value.ts';

/** What is wrong with a date or a range, and where in its text. */
export interface DaysProblem {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
  readonly offset: number;
  readonly length: number;
}

export type DaysResult<Range> =
  | { readonly ok: true; readonly range: Range }
  | { readonly ok: false; readonly problem: DaysProblem };

/** The years in which days are looked for, as those of occurrences. */
export const firstCalendarYear = 1970;
export const lastCalendarYear = 2100;

/** `2026-12-25`, or `2026-12-24..2026-12-31` with both ends in it. Never throws. */
export function parseDates(text: string): DaysResult<DayRange> {
  return parseRange(text, dateAt, (first, last) => first <= last);
}

/** `12-25`, or `12-24..01-01`: what ends before it begins goes over the new year. Never throws. */
export function parseYearly(text: string): DaysResult<YearlyRange> {
  return parseRange(text, yearlyAt, () => true);
}

interface Part {
  readonly text: string;
  readonly offset: number;
}

type Parsed = number | Omit<DaysProblem, 'offset' | 'length' | 'rule'>;

function parseRange(
  text: string,
  parse: (text: string) => Parsed,
  isInOrder: (first: number, last: number) => boolean,
): DaysResult<{ readonly first: number; readonly last: number }> {
  const parts = partsOf(text);
  const values: number[] = [];
  for (const part of parts) {
    const value = parse(part.text);
    if (typeof value !== 'number') return failed({ rule: 'invalid-date', ...value }, part);
    values.push(value);
  }
  const [first = 0, last = first] = values;
  if (isInOrder(first, last)) return { ok: true, range: { first, last } };
  return failed(reversed(text), { text: text.trim(), offset: 0 });
}

/** One part, or the two around `..`; further dots stay in the second, which then is no date. */
function partsOf(text: string): readonly Part[] {
  const dots = text.indexOf('..');
  if (dots < 0) return [trimmed(text, 0)];
  return [trimmed(text.slice(0, dots), 0), trimmed(text.slice(dots + 2), dots + 2)];
}

function trimmed(text: string, offset: number): Part {
  return { text: text.trim(), offset: offset + text.length - text.trimStart().length };
}

function failed(
  problem: Pick<DaysProblem, 'rule' | 'message' | 'help'>,
  { text, offset }: Part,
): { readonly ok: false; readonly problem: DaysProblem } {
  return { ok: false, problem: { ...problem, offset, length: Math.max(1, text.length) } };
}

function reversed(text: string) {
  return {
    rule: 'reversed-range',
    message: `the range ${quote(text)} ends before it begins`,
    help: 'Write the earlier day first.',
  };
}

function dateAt(text: string): Parsed {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return noDate(text);
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (year < firstCalendarYear || year > lastCalendarYear) {
    const message = `${quote(text)} is outside the years ${firstCalendarYear} to ${lastCalendarYear}`;
    return { message, help: 'Check the year.' };
  }
  return missingDay(text, month, day, year) ?? dayNumber(year, month, day);
}

function noDate(text: string): Parsed {
  const isYearly = /^\d{2}-\d{2}$/.test(text);
  return {
    message: text === '' ? 'a range has no end' : `${quote(text)} is not a date`,
    help: isYearly
      ? 'It has no year. Days of every year stand under `yearly`.'
      : 'Write it like `2026-12-25`, or like `2026-12-24..2026-12-31` for a range.',
  };
}

const anyLeapYear = 2000;

function yearlyAt(text: string): Parsed {
  const match = /^(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return noYearlyDay(text);
  const [month = 0, day = 0] = match.slice(1).map(Number);
  return missingDay(text, month, day, anyLeapYear) ?? month * 32 + day;
}

function noYearlyDay(text: string): Parsed {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return {
    message: `${quote(text)} is not a day of every year`,
    help: isDate
      ? 'It has a year. Days of one year stand under `dates`.'
      : 'Write the month and the day, like `12-25`, or like `12-24..01-01` for a range.',
  };
}

function missingDay(
  text: string,
  month: number,
  day: number,
  year: number,
): Pick<DaysProblem, 'message' | 'help'> | undefined {
  if (month < 1 || month > 12) {
    return { message: `${quote(text)} has no month ${month}`, help: 'Months are 01 to 12.' };
  }
  const count = daysInMonth(year, month);
  if (day >= 1 && day <= count) return undefined;
  const message = `${quote(text)} is a day that does not exist`;
  return { message, help: `That month has ${count} days.` };
}
