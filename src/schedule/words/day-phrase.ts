import type { CronFields } from '../schedule.ts';
import { bitValues, runsOf } from './bit-values.ts';
import { fieldPhrase } from './field-phrase.ts';
import { joinWords, valueList } from './value-list.ts';

/**
 * The days of an expression: `Monday through Friday`, `on day 13 of the month or on Friday`. Empty
 * when it fires every day.
 */
export function dayPhrase(cron: CronFields): string {
  const months = bitValues(cron.months);
  const parts = [whichDays(cron), months.length === 12 ? '' : monthPhrase(months)];
  return parts.filter((part) => part !== '').join(', ');
}

function whichDays(cron: CronFields): string {
  if (isEveryDate(cron)) return '';
  const ofMonth = monthDays(cron);
  const ofWeek = weekdays(cron);
  if (cron.eitherDay) {
    const alone = ofWeek.map((phrase) => phrase.replace(/^only /, ''));
    return joinWords([...ofMonth, ...alone], 'or');
  }
  if (ofMonth.length === 0) return joinWords(ofWeek);
  const days = joinWords(ofMonth);
  if (ofWeek.length === 0) return days;
  const also = ofWeek.map((phrase) => phrase.replace(/^(only )?on (the )?/, '$2'));
  return `${days}, if that is also ${joinWords(also, 'or')}`;
}

/** Whether the day fields leave no day out; the months may. */
export function isEveryDate({ days, weekdays, eitherDay }: CronFields): boolean {
  const [isAnyDay, isAnyWeekday] = [days === 0x7fffffff, weekdays === 127];
  return eitherDay ? isAnyDay || isAnyWeekday : isAnyDay && isAnyWeekday;
}

/** Nothing when the day of the month does not matter. */
function monthDays(cron: CronFields): readonly string[] {
  const days = bitValues(cron.days).map((bit) => bit + 1);
  if (days.length === 31) return [];
  const plain = days.length === 1 ? 'on day' : 'on days';
  return [
    ...(days.length === 0 ? [] : [`${plain} ${valueList(days)} of the month`]),
    ...specialDays(cron).map((text) => fieldPhrase('day', text)),
  ];
}

function specialDays(cron: CronFields): readonly string[] {
  return [
    ...bitValues(cron.nearestWeekdays).map((bit) => `${bit + 1}W`),
    ...bitValues(cron.daysBeforeLast).map((before) => (before === 0 ? 'L' : `L-${before}`)),
    ...(cron.lastWeekday ? ['LW'] : []),
  ];
}

/** Nothing when the day of the week does not matter. */
function weekdays(cron: CronFields): readonly string[] {
  const days = bitValues(cron.weekdays);
  if (days.length === 7) return [];
  const special = [
    ...[...cron.nthWeekdays].sort((a, b) => a - b).map((nth) => `${nth >> 3}#${nth & 7}`),
    ...bitValues(cron.lastWeekdays).map((day) => `${day}L`),
  ].map((text) => fieldPhrase('weekday', text));
  if (days.length === 0) return special;
  // The week as people write it: Sunday is its last day.
  const week = days.map((day) => (day === 0 ? 7 : day)).sort((a, b) => a - b);
  return [fieldPhrase('weekday', ranges(week)), ...special];
}

function monthPhrase(months: readonly number[]): string {
  const phrase = fieldPhrase('month', ranges(months));
  return phrase.startsWith('only') ? phrase : `only in ${phrase}`;
}

/** Two neighbours stay apart: "Saturday and Sunday" reads better than "Saturday through Sunday". */
function ranges(values: readonly number[]): string {
  return runsOf(values)
    .map(([first, last]) => {
      if (first === last) return `${first}`;
      return last === first + 1 ? `${first},${last}` : `${first}-${last}`;
    })
    .join(',');
}
