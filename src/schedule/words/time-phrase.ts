import type { CronFields } from '../schedule.ts';
import { bitValues, runsOf, stepOf } from './bit-values.ts';
import { fieldPhrase } from './field-phrase.ts';
import { joinWords, valueList } from './value-list.ts';

/** The times of day of an expression, as ascending values of each field. */
export interface TimesOfDay {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
}

export function timesOfDay(cron: CronFields): TimesOfDay {
  return {
    seconds: bitValues(cron.secondsLow, cron.secondsHigh),
    minutes: bitValues(cron.minutesLow, cron.minutesHigh),
    hours: bitValues(cron.hours),
  };
}

/** How many times a day has, on days without a clock change. */
export function countOf({ seconds, minutes, hours }: TimesOfDay): number {
  return seconds.length * minutes.length * hours.length;
}

const mostListed = 8;

/** From this many on, values at equal distances are told as "every n". */
const fewestRegular = 5;

/** `At 02:30`, `Every 5 minutes from 09:00 to 17:55`: exactly these times and no others. */
export function timePhrase(times: TimesOfDay): string {
  const { seconds, minutes, hours } = times;
  if (areListed(times)) return `At ${joinWords(clockTimes(times))}`;
  if (isOnly(seconds, 0)) return minutesPhrase(times);
  if (minutes.length === 60 && hours.length === 24) {
    return fieldPhrase('second', fieldText(seconds, 60));
  }
  const ofMinutes = minutes.length === 60 ? 'every minute' : named('minute', minutes);
  const ofHours = hours.length === 24 ? 'every hour' : named('hour', hours);
  const atSeconds = seconds.length === 60 ? 'Every second' : `At ${named('second', seconds)}`;
  return `${atSeconds} of ${ofMinutes} of ${ofHours}`;
}

/** Whether the phrase tells the times one by one, so that nobody has to be told how many. */
export function areListed(times: TimesOfDay): boolean {
  const { seconds, minutes, hours } = times;
  return countOf(times) <= mostListed && ![seconds, minutes, hours].some(isRegularField);
}

function isRegularField(values: readonly number[]): boolean {
  return values.length >= fewestRegular && stepOf(values) !== undefined;
}

function isOnly(values: readonly number[], value: number): boolean {
  return values.length === 1 && values[0] === value;
}

function named(unit: string, values: readonly number[]): string {
  return `${unit}${values.length === 1 ? '' : 's'} ${valueList(values)}`;
}

function minutesPhrase({ minutes, hours }: TimesOfDay): string {
  const [minute = 0] = minutes;
  const step = stepOf(hours) ?? 0;
  if (minutes.length === 1 && hours.length < 24 && isRegularField(hours)) {
    const every = step === 1 ? 'Every hour' : `Every ${step} hours`;
    return `${every} from ${clock(hours[0], minute)} to ${clock(hours.at(-1), minute)}`;
  }
  if (hours.length === 24) return fieldPhrase('minute', fieldText(minutes, 60));
  const windows = hourWindows(minutes, hours);
  const every = minutesBefore(windows, minutes);
  return `${every}${comma(every)} ${windows}`;
}

/** "Every hour" goes with `from … to …` alone: "Every hour in the hours 1, 3 and 5" would not be true. */
function minutesBefore(windows: string, minutes: readonly number[]): string {
  if (isOnly(minutes, 0) && !windows.startsWith('from')) return 'On the hour';
  return fieldPhrase('minute', fieldText(minutes, 60));
}

/** A phrase that lists is closed by a comma, or the hours would seem to belong to its last item. */
function comma(phrase: string): string {
  return phrase.startsWith('Every') && !phrase.includes(',') ? '' : ',';
}

/** `from 09:00 to 17:55 and at 20:00`, first and last times; or the hours one by one. */
function hourWindows(minutes: readonly number[], hours: readonly number[]): string {
  const runs = runsOf(hours);
  if (runs.length > 3) return `in the hours ${valueList(hours)}`;
  return joinWords(
    runs.map(([firstHour, lastHour]) => {
      const [first, last] = [clock(firstHour, minutes[0]), clock(lastHour, minutes.at(-1))];
      return first === last ? `at ${first}` : `from ${first} to ${last}`;
    }),
  );
}

/**
 * The field as the shortest expression that means the same, so that a step is told only where it
 * is one: `0,5,10 … 55` is `*` + `/5`, and `0,7,14 … 56` is `0-56/7`, because from 56 to 0 it is 4.
 */
export function fieldText(values: readonly number[], size: number): string {
  const step = stepOf(values);
  const first = values[0] ?? 0;
  if (values.length === size) return '*';
  if (step === undefined || values.length < 3) return values.join(',');
  if (first === 0 && step * values.length === size) return `*/${step}`;
  const range = `${first}-${values.at(-1)}`;
  if (step === 1) return range;
  return values.length < fewestRegular ? values.join(',') : `${range}/${step}`;
}

/** Seconds are told only where any of them is not 0. */
function clockTimes({ seconds, minutes, hours }: TimesOfDay): readonly string[] {
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) =>
      seconds.map((second) => {
        const shown = isOnly(seconds, 0) ? '' : `:${twoDigits(second)}`;
        return `${clock(hour, minute)}${shown}`;
      }),
    ),
  );
}

function clock(hour = 0, minute = 0): string {
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
