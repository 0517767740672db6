import {
  dayNumber,
  daysInMonth,
  isLeapYear,
  packedDate,
  weekday,
} from '../../../schedule/civil-date.ts';
import type { RecurrenceRule } from './recurrence-rule.ts';

/** How many days may still be looked at, for all rules of a file together: below 0 it is used up. */
export interface Budget {
  left: number;
}

/**
 * The days of a rule from its first one on, that one included, in order, none after `lastDay`, and
 * no more when the budget is used up. `UNTIL` is for the caller, who knows the time of day.
 *
 * Written out (RFC 5545, 3.3.10) as: the days of each period that every part agrees with. Where no
 * part chooses among them, the first day does: the same day of the month, the same weekday.
 */
export function* recurringDays(
  written: RecurrenceRule,
  firstDay: number,
  lastDay: number,
  budget: Budget,
): Generator<number> {
  const rule = completed(written, firstDay);
  let left = (rule.count ?? Number.POSITIVE_INFINITY) - 1;
  yield firstDay;
  for (const days of periods(rule, firstDay, lastDay)) {
    for (const day of chosenOf(rule, days, budget)) {
      if (day <= firstDay) continue;
      if (day > lastDay || left <= 0) return;
      left -= 1;
      yield day;
    }
    if (budget.left < 0) return;
  }
}

/** Days from `from`, with `until` excluded. */
interface Days {
  readonly from: number;
  readonly until: number;
}

function* periods(
  { frequency, interval, weekStart }: RecurrenceRule,
  firstDay: number,
  lastDay: number,
): Generator<Days> {
  const { year, month } = dateOf(firstDay);
  for (let index = 0; ; index += interval) {
    const period = {
      DAILY: () => stretch(firstDay + index, 1),
      WEEKLY: () => stretch(firstDay - ((weekday(firstDay) - weekStart + 7) % 7) + index * 7, 7),
      MONTHLY: () => monthDays(year, month - 1 + index),
      YEARLY: () => ({
        from: dayNumber(year + index, 1, 1),
        until: dayNumber(year + index + 1, 1, 1),
      }),
    }[frequency]();
    if (period.from > lastDay) return;
    yield period;
  }
}

const stretch = (from: number, count: number): Days => ({ from, until: from + count });

/** `month` counts from the January of `year`, and may be any number of months later. */
function monthDays(year: number, month: number): Days {
  const inYear = year + Math.floor(month / 12);
  const from = dayNumber(inYear, (month % 12) + 1, 1);
  return stretch(from, daysInMonth(inYear, (month % 12) + 1));
}

function chosenOf(rule: RecurrenceRule, period: Days, budget: Budget): readonly number[] {
  const days: number[] = [];
  for (const { from, until } of partsOf(rule, period)) {
    budget.left -= until - from;
    for (let day = from; day < until; day++) if (agrees(rule, day)) days.push(day);
  }
  if (rule.positions.length === 0) return days;
  const places = rule.positions.map((position) =>
    position > 0 ? position - 1 : days.length + position,
  );
  return days.filter((_, index) => places.includes(index));
}

/** Of a year only the months in question: most rules are for one day of it. */
function partsOf({ frequency, months }: RecurrenceRule, period: Days): readonly Days[] {
  if (frequency !== 'YEARLY' || months.length === 0) return [period];
  const { year } = dateOf(period.from);
  return [...new Set(months)].sort((a, b) => a - b).map((month) => monthDays(year, month - 1));
}

/** With the parts that the first day stands for. */
function completed(rule: RecurrenceRule, firstDay: number): RecurrenceRule {
  const { frequency, months, weekNumbers, yearDays, weekdays } = rule;
  const date = dateOf(firstDay);
  if (weekdays.length + yearDays.length + rule.monthDays.length > 0 || frequency === 'DAILY') {
    return rule;
  }
  if (frequency === 'WEEKLY' || weekNumbers.length > 0) {
    return { ...rule, weekdays: [{ weekday: weekday(firstDay) }] };
  }
  const isPlainYear = frequency === 'YEARLY' && months.length === 0;
  return { ...rule, monthDays: [date.day], ...(isPlainYear ? { months: [date.month] } : {}) };
}

function agrees(rule: RecurrenceRule, day: number): boolean {
  const { months, weekNumbers, yearDays, monthDays: inMonth, weekdays } = rule;
  const date = dateOf(day);
  if (months.length > 0 && !months.includes(date.month)) return false;
  if (weekdays.length > 0 && !isChosenWeekday(rule, day, date)) return false;
  const length = daysInMonth(date.year, date.month);
  if (!isAmong(inMonth, date.day, length)) return false;
  const yearLength = isLeapYear(date.year) ? 366 : 365;
  if (!isAmong(yearDays, day - dayNumber(date.year, 1, 1) + 1, yearLength)) return false;
  return weekNumbers.length === 0 || isInWeek(rule, day);
}

/** Whether the `place` of `count` is among numbers that count from 1, or below 0 from the end. */
function isAmong(numbers: readonly number[], place: number, count: number): boolean {
  return numbers.length === 0 || numbers.includes(place) || numbers.includes(place - count - 1);
}

function isChosenWeekday(rule: RecurrenceRule, day: number, date: CivilDate): boolean {
  const own = weekday(day);
  const isInMonth = rule.frequency === 'MONTHLY' || rule.months.length > 0;
  const first = isInMonth ? dayNumber(date.year, date.month, 1) : dayNumber(date.year, 1, 1);
  const after = isInMonth
    ? first + daysInMonth(date.year, date.month)
    : dayNumber(date.year + 1, 1, 1);
  const nth = Math.floor((day - first) / 7) + 1;
  const nthLast = -(Math.floor((after - 1 - day) / 7) + 1);
  return rule.weekdays.some(
    (choice) =>
      choice.weekday === own &&
      (choice.nth === undefined || choice.nth === nth || choice.nth === nthLast),
  );
}

/** Week 1 is the first with at least four days in the year (ISO 8601, 2.2.10). */
function isInWeek({ weekNumbers, weekStart }: RecurrenceRule, day: number): boolean {
  const weekOf = (year: number) => firstWeek(year, weekStart);
  const { year: civilYear } = dateOf(day);
  const year =
    day >= weekOf(civilYear + 1)
      ? civilYear + 1
      : day < weekOf(civilYear)
        ? civilYear - 1
        : civilYear;
  const week = Math.floor((day - weekOf(year)) / 7) + 1;
  return isAmong(weekNumbers, week, (weekOf(year + 1) - weekOf(year)) / 7);
}

function firstWeek(year: number, weekStart: number): number {
  const fourth = dayNumber(year, 1, 4);
  return fourth - ((weekday(fourth) - weekStart + 7) % 7);
}

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dateOf(day: number): CivilDate {
  const packed = packedDate(day);
  return { year: Math.floor(packed / 512), month: Math.floor(packed / 32) % 16, day: packed % 32 };
}
