import { cronDays } from '../cron-days.ts';
import { type CronField, cronFields } from '../cron-field.ts';
import type { CronFields } from '../schedule.ts';
import { bitValues, stepOf } from './bit-values.ts';
import { isEveryDate } from './day-phrase.ts';
import { joinWords } from './value-list.ts';

/** What surprises people about an expression, a sentence each. */
export function cronNotes(cron: CronFields): readonly string[] {
  return [
    ...hashNote(cron),
    ...eitherDayNote(cron),
    ...nearestWeekdayNote(cron),
    ...unevenSteps(cron),
    ...missingDays(cron),
  ];
}

/** The written fields, seconds first; none for a macro. */
function writtenFields(cron: CronFields): readonly string[] {
  const fields = cron.text.split(/\s+/);
  if (fields.length < 5) return [];
  return fields.length === 5 ? ['0', ...fields] : fields;
}

function valuesOf(cron: CronFields): readonly (readonly number[])[] {
  return [
    bitValues(cron.secondsLow, cron.secondsHigh),
    bitValues(cron.minutesLow, cron.minutesHigh),
    bitValues(cron.hours),
    bitValues(cron.days).map((bit) => bit + 1),
    bitValues(cron.months),
    bitValues(cron.weekdays),
  ];
}

function hashNote(cron: CronFields): readonly string[] {
  const values = valuesOf(cron);
  const chosen = writtenFields(cron).flatMap((text, index) => {
    if (!/(^|,)H(?![a-z])/i.test(text)) return [];
    return [`${cronFields[index]?.name} ${joinWords((values[index] ?? []).map(String))}`];
  });
  if (chosen.length === 0) return [];
  return [`H is chosen by the job's name, for ever: ${chosen.join(', ')}.`];
}

function eitherDayNote(cron: CronFields): readonly string[] {
  if (!cron.eitherDay) return [];
  const first = 'Day of month and day of week are both given: one of them is enough, not both.';
  return [
    isEveryDate(cron) ? `${first} One of them is every day, so the other has no effect.` : first,
  ];
}

function nearestWeekdayNote(cron: CronFields): readonly string[] {
  if (cron.nearestWeekdays === 0 && !cron.lastWeekday) return [];
  return ['Weekdays are Monday to Friday, and the one meant is always in the same month.'];
}

/** `*` + `/7` in minutes: from :56 it is 4 minutes to the next :00. */
function unevenSteps(cron: CronFields): readonly string[] {
  const values = valuesOf(cron);
  return writtenFields(cron).flatMap((text, index) => {
    const field = cronFields[index];
    if (field === undefined || !/^(\*|H)\/\d+$/i.test(text)) return [];
    const note = unevenStep(field, values[index] ?? []);
    return note === undefined ? [] : [note];
  });
}

function unevenStep(field: CronField, values: readonly number[]): string | undefined {
  const step = stepOf(values);
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  if (step === undefined || step === 1) return undefined;
  if (field.name === 'day-of-month') {
    return 'Days are counted anew in each month, so where months meet the step is another.';
  }
  const left = first + field.size - last;
  if (left === step) return undefined;
  const unit = units[field.name] ?? field.name;
  return `From ${shown(field, last)} to ${shown(field, first)} it is ${left} ${unit}${left === 1 ? '' : 's'}, not ${step}.`;
}

const units: Readonly<Record<string, string>> = { 'day-of-week': 'day' };

const monthNames =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const weekdayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

function shown(field: CronField, value: number): string {
  if (field.name === 'month') return monthNames[value - 1] ?? '';
  if (field.name === 'day-of-week') return weekdayNames[value] ?? '';
  return `${field.name} ${value}`;
}

/** A year of 365 days and one of 366. */
const [commonYear, leapYear] = [2027, 2028];

function missingDays(cron: CronFields): readonly string[] {
  // Days of the week come in every month; with them, only "the fifth" may be missing.
  if (cron.nthWeekdays.some((nth) => (nth & 7) === 5)) {
    return ['Not every month has a fifth one of these days.'];
  }
  if (cron.weekdays !== 127) return [];
  const months = bitValues(cron.months);
  const never = months.filter((month) => cronDays(cron, leapYear, month) === 0);
  const isLeapOnly =
    months.includes(2) && !never.includes(2) && cronDays(cron, commonYear, 2) === 0;
  const lacking = joinWords(never.map((month) => monthNames[month - 1] ?? ''));
  return [
    ...(never.length === 0
      ? []
      : [`${lacking} ${never.length === 1 ? 'has' : 'have'} no such day.`]),
    ...(isLeapOnly ? ['February has such a day only in leap years.'] : []),
  ];
}
