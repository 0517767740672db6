import { dayNumber, packedDate } from './civil-date.ts';
import { cronDays } from './cron-days.ts';
import type { CronFields } from './schedule.ts';

const daySeconds = 86_400;

/** The rarest date there is (29 February on one weekday, over 2100) comes within 40 years. */
const searchedYears = 44;

/**
 * The first wall-clock time at or after `local` that the fields name, both in seconds since
 * 1970-01-01T00:00 of that clock. Knows nothing of zones. Infinity when no date comes.
 */
export function nextLocalTime(cron: CronFields, local: number): number {
  const day = Math.floor(local / daySeconds);
  const time = local - day * daySeconds;
  if (cron.everyDay) {
    const later = nextTimeOfDay(cron, time);
    return later >= 0 ? day * daySeconds + later : (day + 1) * daySeconds + cron.firstTime;
  }
  return nextOnMatchingDay(cron, day, time);
}

function nextOnMatchingDay(cron: CronFields, day: number, time: number): number {
  const date = packedDate(day);
  const year = date >> 9;
  const month = (date >> 5) & 15;
  const dayOfMonth = date & 31;
  if ((cron.months >> month) & 1) {
    const days = cronDays(cron, year, month);
    if ((days >> (dayOfMonth - 1)) & 1) {
      const later = nextTimeOfDay(cron, time);
      if (later >= 0) return day * daySeconds + later;
    }
    const rest = days & (-1 << dayOfMonth);
    if (rest !== 0) return (day - dayOfMonth + 1 + lowestBit(rest)) * daySeconds + cron.firstTime;
  }
  return firstInLaterMonth(cron, year, month);
}

function firstInLaterMonth(cron: CronFields, year: number, month: number): number {
  let inYear = year;
  let months = cron.months & (-2 << month);
  while (inYear <= year + searchedYears) {
    while (months !== 0) {
      const next = lowestBit(months);
      const days = cronDays(cron, inYear, next);
      if (days !== 0)
        return (dayNumber(inYear, next, 1) + lowestBit(days)) * daySeconds + cron.firstTime;
      months &= months - 1;
    }
    inYear++;
    months = cron.months;
  }
  return Infinity;
}

/** The first matching second of the day at or after `time`, or -1. */
function nextTimeOfDay(cron: CronFields, time: number): number {
  const hour = (time / 3600) | 0;
  const minute = ((time - hour * 3600) / 60) | 0;
  if ((cron.hours >> hour) & 1) {
    if (hasBit(cron.minutesLow, cron.minutesHigh, minute)) {
      const start = hour * 3600 + minute * 60;
      const second = nextBit(cron.secondsLow, cron.secondsHigh, time - start);
      if (second < 60) return start + second;
    }
    const laterMinute = nextBit(cron.minutesLow, cron.minutesHigh, minute + 1);
    if (laterMinute < 60) return hour * 3600 + laterMinute * 60 + (cron.firstTime % 60);
  }
  const laterHours = cron.hours & (-2 << hour);
  return laterHours === 0 ? -1 : lowestBit(laterHours) * 3600 + (cron.firstTime % 3600);
}

function hasBit(low: number, high: number, index: number): boolean {
  return ((index < 32 ? low >> index : high >> (index - 32)) & 1) !== 0;
}

/** The lowest bit at or above `from` of a set of 60, or 60. */
function nextBit(low: number, high: number, from: number): number {
  if (from < 32) {
    const inLow = low & (-1 << from);
    if (inLow !== 0) return lowestBit(inLow);
    return high === 0 ? 60 : 32 + lowestBit(high);
  }
  const inHigh = high & (-1 << (from - 32));
  return inHigh === 0 ? 60 : 32 + lowestBit(inHigh);
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
