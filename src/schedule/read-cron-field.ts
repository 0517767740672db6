import type { CronField } from './cron-field.ts';
import { dayField, weekdayField } from './cron-field.ts';
import { stableHash } from './stable-hash.ts';

/** What the items of one field add up to. */
export class CronSet {
  /** Values 0 … 31, and 32 … 59 from bit 0. */
  low = 0;
  high = 0;
  daysBeforeLast = 0;
  nearestWeekdays = 0;
  lastWeekday = false;
  nthWeekdays: readonly number[] = none;
  lastWeekdays = 0;
}

const none: readonly number[] = [];

/**
 * Adds one item of a field (what stands between commas, `text` from `from` up to `to`) to the set.
 * Gives false, without a reason, when it is not right: `explainCronItem` then finds why. Most
 * items are right, and this is what the time to read an expression goes into.
 */
export function readCronItem(
  set: CronSet,
  field: CronField,
  text: string,
  from: number,
  to: number,
  jobName: string,
): boolean {
  const sign = text.charCodeAt(from);
  if (sign === star || sign === question) return readStar(set, field, text, from + 1, to);
  const first = sign | lowerCase;
  if (first === letterH) return readHashed(set, field, text, from, to, jobName);
  if (first === letterL && field === dayField) return readLast(set, text, from + 1, to);
  return readValue(set, field, text, from, to);
}

/** The bit that makes a letter a small one. */
const lowerCase = 32;
const star = 42;
const question = 63;
const dash = 45;
const slash = 47;
const hash = 35;
const letterH = 104;
const letterL = 108;
const letterW = 119;

function readStar(set: CronSet, field: CronField, text: string, at: number, to: number): boolean {
  const step = readStep(field, text, at, to);
  if (step === 0) return false;
  addRange(set, field.min, field.min + field.size - 1, step);
  return true;
}

/** `/n` up to the end of the item, or nothing, which is 1. 0 when wrong. */
function readStep(field: CronField, text: string, at: number, to: number): number {
  if (at === to) return 1;
  if (text.charCodeAt(at) !== slash) return 0;
  const step = readNumber(text, at + 1, to);
  return step >= 1 && step <= field.size ? step : 0;
}

/** Digits up to `to` and nothing else, or -1. */
function readNumber(text: string, from: number, to: number): number {
  if (from >= to) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = Math.min(value * 10 + digit, 1000);
  }
  return value;
}

function addRange(set: CronSet, from: number, to: number, step: number): void {
  for (let value = from; value <= to; value += step)
    if (value < 32) set.low |= 1 << value;
    else set.high |= 1 << (value - 32);
}

/** `5`, `MON`, `1-5`, `MON-FRI/2`, and by field `15W`, `5L`, `MON#2`. */
function readValue(
  set: CronSet,
  field: CronField,
  text: string,
  from: number,
  to: number,
): boolean {
  const valueEnd = endOfValue(text, from, to);
  const value = readOneValue(field, text, from, valueEnd);
  if (value < 0) return false;
  if (valueEnd === to) {
    addRange(set, value, value, 1);
    return true;
  }
  const next = text.charCodeAt(valueEnd);
  if (next === dash) return readRange(set, field, text, value, valueEnd + 1, to);
  if (field === dayField) return readNearest(set, text, value, valueEnd, to);
  if (field === weekdayField) return readNthOrLast(set, text, value % 7, valueEnd, to);
  return false;
}

/** A number ends where the digits end, a name after three letters. */
function endOfValue(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(text.charCodeAt(at))) at++;
  return at === from ? Math.min(from + 3, to) : at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function readOneValue(field: CronField, text: string, from: number, to: number): number {
  if (isDigit(text.charCodeAt(from))) {
    const value = readNumber(text, from, to);
    return value >= field.min && value <= field.max ? value : -1;
  }
  return readName(field, text, from, to);
}

function readName(field: CronField, text: string, from: number, to: number): number {
  if (to - from !== 3) return -1;
  const { names } = field;
  const first = text.charCodeAt(from) | lowerCase;
  const second = text.charCodeAt(from + 1) | lowerCase;
  const third = text.charCodeAt(from + 2) | lowerCase;
  for (let at = 0; at < names.length; at += 3)
    if (
      names.charCodeAt(at) === first &&
      names.charCodeAt(at + 1) === second &&
      names.charCodeAt(at + 2) === third
    )
      return field.min + at / 3;
  return -1;
}

function readRange(
  set: CronSet,
  field: CronField,
  text: string,
  first: number,
  from: number,
  to: number,
): boolean {
  const lastEnd = endOfValue(text, from, to);
  let last = readOneValue(field, text, from, lastEnd);
  // FRI-SUN: as the end of a range, Sunday by name is the 7 that ends the week.
  if (last === 0 && first > 0 && field === weekdayField && !isDigit(text.charCodeAt(from)))
    last = 7;
  const step = readStep(field, text, lastEnd, to);
  if (last < first || step === 0) return false;
  addRange(set, first, last, step);
  return true;
}

/** `15W`. */
function readNearest(set: CronSet, text: string, day: number, at: number, to: number): boolean {
  if (at + 1 !== to || (text.charCodeAt(at) | lowerCase) !== letterW) return false;
  set.nearestWeekdays |= 1 << (day - 1);
  return true;
}

/** `5L`, `5#2`. */
function readNthOrLast(set: CronSet, text: string, day: number, at: number, to: number): boolean {
  if (at + 1 === to && (text.charCodeAt(at) | lowerCase) === letterL) {
    set.lastWeekdays |= 1 << day;
    return true;
  }
  if (text.charCodeAt(at) !== hash) return false;
  const nth = readNumber(text, at + 1, to);
  if (nth < 1 || nth > 5) return false;
  set.nthWeekdays = [...set.nthWeekdays, day * 8 + nth];
  return true;
}

/** `L`, `LW`, `L-3`. */
function readLast(set: CronSet, text: string, at: number, to: number): boolean {
  if (at === to) {
    set.daysBeforeLast |= 1;
    return true;
  }
  if (at + 1 === to && (text.charCodeAt(at) | lowerCase) === letterW) {
    set.lastWeekday = true;
    return true;
  }
  if (text.charCodeAt(at) !== dash) return false;
  const before = readNumber(text, at + 1, to);
  if (before < 1 || before > 30) return false;
  set.daysBeforeLast |= 1 << before;
  return true;
}

const hashedItem = /^H(?:\((\w+)-(\w+)\))?(?:\/(\d+))?$/i;

/**
 * `H`, `H/15`, `H(9-17)`, `H(0-29)/10`: a slot chosen by the job's name, the same for ever. Days
 * of the month only up to the 28th, so that each month has them (as Jenkins does).
 */
function readHashed(
  set: CronSet,
  field: CronField,
  text: string,
  from: number,
  to: number,
  jobName: string,
): boolean {
  const match = hashedItem.exec(text.slice(from, to));
  if (match === null) return false;
  const [, low, high, every] = match;
  const first = low === undefined ? field.min : readOneValue(field, low, 0, low.length);
  const last = high === undefined ? lastHashed(field) : readOneValue(field, high, 0, high.length);
  const step = every === undefined ? 0 : readNumber(every, 0, every.length);
  if (first < 0 || last < first || step > field.size || (every !== undefined && step < 1))
    return false;
  const slot = stableHash(jobName, field.index);
  const span = last - first + 1;
  if (step === 0) addRange(set, first + (slot % span), first + (slot % span), 1);
  else addRange(set, first + (slot % Math.min(step, span)), last, step);
  return true;
}

function lastHashed(field: CronField): number {
  return field === dayField ? 28 : field.min + field.size - 1;
}
