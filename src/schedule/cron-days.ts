import { dayNumber, daysInMonth, weekday } from './civil-date.ts';
import type { CronFields } from './schedule.ts';

/** The days of a month on which the expression fires, as bits: bit 0 is the first. */
export function cronDays(cron: CronFields, year: number, month: number): number {
  return daysOfMonth(cron, daysInMonth(year, month), weekday(dayNumber(year, month, 1)));
}

/** Whether any date matches: a month's pattern depends on its length and first weekday only. */
export function hasDates(cron: CronFields): boolean {
  for (let month = 1; month <= 12; month++) {
    if (((cron.months >> month) & 1) === 0) continue;
    const lengths = month === 2 ? [28, 29] : [daysInMonth(2001, month)];
    for (const length of lengths)
      for (let first = 0; first < 7; first++)
        if (daysOfMonth(cron, length, first) !== 0) return true;
  }
  return false;
}

function daysOfMonth(cron: CronFields, length: number, firstWeekday: number): number {
  const all = (-1 >>> (32 - length)) | 0;
  const byDay = (cron.days | specialDays(cron, length, firstWeekday)) & all;
  const byWeekday =
    (weekly(cron.weekdays, firstWeekday) | specialWeekdays(cron, length, firstWeekday)) & all;
  return cron.eitherDay ? byDay | byWeekday : byDay & byWeekday;
}

/** Seven bits of a week laid over a month. */
function weekly(weekdays: number, firstWeekday: number): number {
  const week = ((weekdays >> firstWeekday) | (weekdays << (7 - firstWeekday))) & 127;
  return week | (week << 7) | (week << 14) | (week << 21) | (week << 28);
}

/** `L`, `L-n`, `nW`, `LW`. */
function specialDays(cron: CronFields, length: number, firstWeekday: number): number {
  let days = 0;
  if (cron.daysBeforeLast !== 0)
    for (let before = 0; before < length; before++)
      if ((cron.daysBeforeLast >> before) & 1) days |= 1 << (length - 1 - before);
  if (cron.nearestWeekdays !== 0)
    for (let day = 1; day <= length; day++)
      if ((cron.nearestWeekdays >> (day - 1)) & 1)
        days |= 1 << (nearestWeekday(day, length, firstWeekday) - 1);
  if (cron.lastWeekday) days |= 1 << (nearestWeekday(length, length, firstWeekday) - 1);
  return days;
}

/** Monday to Friday, in the same month. */
function nearestWeekday(day: number, length: number, firstWeekday: number): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}

/** `d#n`, `dL`. */
function specialWeekdays(cron: CronFields, length: number, firstWeekday: number): number {
  let days = 0;
  for (const nth of cron.nthWeekdays) {
    const day = (((nth >> 3) - firstWeekday + 7) % 7) + 7 * ((nth & 7) - 1);
    if (day < length) days |= 1 << day;
  }
  if (cron.lastWeekdays !== 0) {
    const lastSeven = 127 << (length - 7);
    days |= weekly(cron.lastWeekdays, firstWeekday) & lastSeven;
  }
  return days;
}
