import { hasDates } from './cron-days.ts';
import { type CronField, cronFields } from './cron-field.ts';
import { cronCountProblem, cronMacroProblem, neverFiresProblem } from './cron-problems.ts';
import { explainCronItem } from './explain-cron-item.ts';
import { oddCharacter } from './odd-character.ts';
import { CronSet, readCronItem } from './read-cron-field.ts';
import type { CronFields } from './schedule.ts';

/** What is wrong in an expression, and the stretch of the text, in UTF-16 units. */
export interface CronProblem {
  readonly rule: 'cron-syntax' | 'cron-never-fires';
  readonly message: string;
  readonly help?: string;
  readonly offset?: number;
  readonly length?: number;
}

export type CronResult =
  | { readonly ok: true; readonly cron: CronFields }
  | { readonly ok: false; readonly problems: readonly CronProblem[] };

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

// Nobody reads more of one expression, and a text of megabytes can hold a million.
const mostProblems = 50;

const at = 64;
const comma = 44;

/**
 * Reads a cron expression of 5 fields, or 6 with seconds first, or a macro. Gives all problems at
 * once, at most 50. `H` is resolved by the job's name.
 */
export function parseCron(text: string, jobName: string): CronResult {
  const result = parseFields(text, jobName);
  if (result.ok) return result;
  const odd = oddCharacter(text);
  return odd === undefined ? result : { ok: false, problems: [{ rule: 'cron-syntax', ...odd }] };
}

function parseFields(text: string, jobName: string): CronResult {
  const starts: number[] = [];
  const ends: number[] = [];
  findFields(text, starts, ends);
  if (text.charCodeAt(starts[0] ?? 0) === at) return parseMacro(text, jobName);
  if (starts.length !== 5 && starts.length !== 6)
    return { ok: false, problems: [cronCountProblem(text, starts, ends)] };
  const problems: CronProblem[] = [];
  const sets: CronSet[] = [];
  const withSeconds = starts.length === 6;
  if (!withSeconds) sets.push(atSecondZero);
  for (let index = 0; index < starts.length; index++) {
    const field = cronFields[withSeconds ? index : index + 1];
    if (field === undefined) continue;
    const set = new CronSet();
    readField(set, field, text, starts[index] ?? 0, ends[index] ?? 0, jobName, problems);
    sets.push(set);
  }
  if (problems.length > 0) return { ok: false, problems };
  const cron = assemble(text, sets, starts);
  if (cron.everyDay || hasDates(cron)) return { ok: true, cron };
  return { ok: false, problems: [neverFiresProblem(text, cron, starts, ends)] };
}

/** Where fields begin and end: blanks, tabs and line ends part them. */
function findFields(text: string, starts: number[], ends: number[]): void {
  let inField = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isBlank = code === 32 || (code >= 9 && code <= 13);
    if (isBlank === inField) {
      (inField ? ends : starts).push(index);
      inField = !inField;
    }
  }
  if (inField) ends.push(text.length);
}

const atSecondZero = new CronSet();
atSecondZero.low = 1;

function parseMacro(text: string, jobName: string): CronResult {
  const meaning = macros[text.trim().toLowerCase()];
  if (meaning === undefined)
    return { ok: false, problems: [cronMacroProblem(text, Object.keys(macros))] };
  const result = parseCron(meaning, jobName);
  return result.ok ? { ok: true, cron: { ...result.cron, text: text.trim() } } : result;
}

function readField(
  set: CronSet,
  field: CronField,
  text: string,
  from: number,
  to: number,
  jobName: string,
  problems: CronProblem[],
): void {
  let start = from;
  for (let index = from; index <= to && problems.length < mostProblems; index++) {
    if (index < to && text.charCodeAt(index) !== comma) continue;
    if (!readCronItem(set, field, text, start, index, jobName))
      problems.push(explainCronItem(field, text, start, index));
    start = index + 1;
  }
}

function assemble(text: string, sets: readonly CronSet[], starts: readonly number[]): CronFields {
  const [second, minute, hour, day, month, weekday] = sets as [
    CronSet,
    CronSet,
    CronSet,
    CronSet,
    CronSet,
    CronSet,
  ];
  const shown = starts.length - 5;
  const eitherDay = !isStar(text, starts[shown + 2]) && !isStar(text, starts[shown + 4]);
  const weekdays = (weekday.low | (weekday.low >> 7)) & 127;
  const everyDayOfMonth = day.low >>> 1 === 0x7fffffff;
  const everyWeekday = weekdays === 127;
  const isEveryDate = eitherDay ? everyDayOfMonth || everyWeekday : everyDayOfMonth && everyWeekday;
  return {
    text: text.trim(),
    secondsLow: second.low,
    secondsHigh: second.high,
    minutesLow: minute.low,
    minutesHigh: minute.high,
    hours: hour.low,
    days: day.low >>> 1,
    daysBeforeLast: day.daysBeforeLast,
    nearestWeekdays: day.nearestWeekdays,
    lastWeekday: day.lastWeekday,
    months: month.low,
    weekdays,
    nthWeekdays: weekday.nthWeekdays,
    lastWeekdays: weekday.lastWeekdays,
    eitherDay,
    everyDay: isEveryDate && month.low === 0x1ffe,
    firstTime: first(hour) * 3600 + first(minute) * 60 + first(second),
    followsClock:
      isStar(text, starts[shown]) || isStar(text, starts[shown + 1]) || isStar(text, starts[0]),
  };
}

/** A field that begins with `*`, or with `?`, which counts as one. */
function isStar(text: string, start = 0): boolean {
  const code = text.charCodeAt(start);
  return code === 42 || code === 63;
}

function first(set: CronSet): number {
  return set.low === 0
    ? 63 - Math.clz32(set.high & -set.high)
    : 31 - Math.clz32(set.low & -set.low);
}
