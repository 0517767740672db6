/** Reads words back, knowing nothing of how they are made: what they say, against what fires. */

/** The seconds of a day that the time part of a sentence names; throws where it says nothing known. */
export function readTimes(sentence: string): readonly number[] {
  const text = sentence.replace(/ \(\d+ times (a|on such a) day\)/, '');
  const listed = /^At (\d\d:\d\d(?::\d\d)?(?:(?:, | and )\d\d:\d\d(?::\d\d)?)*)/.exec(text);
  if (listed?.[1] !== undefined) return listed[1].split(/, | and /).map(secondOfDay);
  const named =
    /^(?:Every second|At seconds? (.+?)) of (?:every minute|minutes? (.+?)) of (?:every hour|hours? (.+?))(?:, [A-Zo]|$)/.exec(
      text,
    );
  if (named !== null) {
    const [, seconds, minutes, hours] = named;
    return product(readOr(hours, 24), readOr(minutes, 60), readOr(seconds, 60));
  }
  const seconds = readField(text, 'second', 'minute');
  if (seconds !== undefined) return product(upTo(24), upTo(60), seconds.values);
  const byHour = /^Every (\d+ hours|hour) from (\d\d:\d\d) to (\d\d:\d\d)(?:, [A-Zo]|$)/.exec(text);
  if (byHour !== null) return steps(byHour, Number.parseInt(byHour[1] ?? '', 10) || 1);
  const onTheHour = /^(?:Every|On the) hour/.exec(text);
  if (onTheHour !== null) return withinHours([0], text.slice(onTheHour[0].length));
  const minutes = readField(text, 'minute', 'hour');
  if (minutes === undefined) throw new Error(`cannot read: ${sentence}`);
  return withinHours(minutes.values, minutes.rest);
}

function steps([, , from = '', to = '']: readonly string[], hours: number): readonly number[] {
  return range(secondOfDay(from), secondOfDay(to), hours * 3600);
}

/** `Every 5 minutes`, `Minutes 10 through 20 past the hour`, `At 5 and 25 minutes past the hour`. */
function readField(text: string, unit: string, whole: string) {
  const forms: readonly (readonly [RegExp, (found: readonly string[]) => readonly number[]])[] = [
    [
      new RegExp(`^Every (\\d+) ${unit}s, ${unit}s (\\d+) through (\\d+) past the ${whole}`),
      ([, step, from, to]) => range(Number(from), Number(to), Number(step)),
    ],
    [new RegExp(`^Every (\\d+) ${unit}s`), ([, step]) => evenly(Number(step))],
    [new RegExp(`^Every ${unit}`), () => upTo(60)],
    [
      new RegExp(
        `^${unit[0]?.toUpperCase()}${unit.slice(1)}s (\\d+) through (\\d+) past the ${whole}`,
      ),
      ([, from, to]) => range(Number(from), Number(to), 1),
    ],
    [
      new RegExp(`^At ([\\d, and]+) ${unit}s? past the ${whole}`),
      ([, list = '']) => readList(list),
    ],
  ];
  for (const [form, values] of forms) {
    const found = form.exec(text);
    if (found !== null) return { values: values(found), rest: text.slice(found[0].length) };
  }
  return undefined;
}

/** "Every 7 minutes" alone is not what a field can do: from 56 to 0 it is 4. */
function evenly(step: number): readonly number[] {
  if (60 % step !== 0) throw new Error(`every ${step} is not true over the hour`);
  return range(0, 59, step);
}

/** `from 09:00 to 17:55` says the first and the last time; in between every hour is meant. */
function withinHours(minutes: readonly number[], rest: string): readonly number[] {
  const inHours = /^,? in the hours (.+?)(?:, [A-Zo]|$)/.exec(rest);
  if (inHours?.[1] !== undefined) return product(readList(inHours[1]), minutes, [0]);
  const all = product(upTo(24), minutes, [0]);
  if (/^(?:, [A-Z].*|)$/.test(rest)) return all;
  const windows = /^,? ((?:from|at) \d\d:\d\d.*?)(?:, [A-Zo]|$)/.exec(rest)?.[1] ?? rest;
  const bounds = windows.split(/, | and /).map((window) => {
    const [, from, to = from] = /^(?:from|at) (\d\d:\d\d)(?: to (\d\d:\d\d))?$/.exec(window) ?? [];
    if (from === undefined || to === undefined) throw new Error(`cannot read: ${rest}`);
    return [secondOfDay(from), secondOfDay(to)];
  });
  for (const bound of bounds.flat()) if (!all.includes(bound)) throw new Error(`no fire: ${rest}`);
  return all.filter((at) => bounds.some(([from = 0, to = 0]) => at >= from && at <= to));
}

/** `5`, `1 and 15`, `10 to 20`, `0, 5, 10 … 55`, `8 to 10, 14 to 16 and 20`. */
export function readList(text: string): readonly number[] {
  const regular = /^(\d+), (\d+), \d+ … (\d+)$/.exec(text);
  if (regular !== null) {
    const [first, second, last] = regular.slice(1).map(Number);
    return range(first ?? 0, last ?? 0, (second ?? 0) - (first ?? 0));
  }
  return text.split(/, | and /).flatMap((part) => {
    const [from = 0, to = from] = part.split(' to ').map(Number);
    return range(from, to, 1);
  });
}

function readOr(text: string | undefined, size: number): readonly number[] {
  return text === undefined ? upTo(size) : readList(text);
}

function product(
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
): readonly number[] {
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)),
  );
}

function range(from: number, to: number, step: number): readonly number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

const upTo = (size: number) => range(0, size - 1, 1);

function secondOfDay(text: string): number {
  const [hour = 0, minute = 0, second = 0] = text.split(':').map(Number);
  return hour * 3600 + minute * 60 + second;
}

const names = {
  weekday: 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' '),
  month:
    '- January February March April May June July August September October November December'.split(
      ' ',
    ),
};

/** `only on Monday and Friday through Sunday`, `only in June through August`, as numbers. */
export function readNames(kind: keyof typeof names, text: string): readonly number[] {
  const all = names[kind];
  const size = kind === 'weekday' ? 7 : 13;
  return text
    .replace(/^only (on|in) /, '')
    .split(/, | and /)
    .flatMap((part) => {
      const [from = -1, to = from] = part.split(' through ').map((name) => all.indexOf(name));
      if (from < 0 || to < 0) throw new Error(`cannot read: ${text}`);
      return range(from, to < from ? to + size : to, 1).map((value) => value % size);
    });
}
