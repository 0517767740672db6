import type { Milliseconds } from '../clock/clock.ts';
import { shortened } from './shortened.ts';

/** A length of time: days are calendar days where a zone is at hand, else 24 hours. */
export interface Duration {
  readonly days: number;
  readonly ms: Milliseconds;
}

/** What is wrong; `key` names the entry of the map form, `offset` and `length` the stretch of a text. */
export interface DurationProblem {
  readonly message: string;
  readonly help: string;
  readonly key?: string;
  readonly offset?: number;
  readonly length?: number;
}

export type DurationResult =
  | { readonly ok: true; readonly duration: Duration }
  | { readonly ok: false; readonly problem: DurationProblem };

interface Unit {
  readonly text: string;
  readonly key: string;
  readonly days: number;
  readonly ms: Milliseconds;
}

/** Largest first: the order in which they are written. */
const units: readonly Unit[] = [
  { text: 'w', key: 'weeks', days: 7, ms: 0 },
  { text: 'd', key: 'days', days: 1, ms: 0 },
  { text: 'h', key: 'hours', days: 0, ms: 3_600_000 },
  { text: 'm', key: 'minutes', days: 0, ms: 60_000 },
  { text: 's', key: 'seconds', days: 0, ms: 1000 },
  { text: 'ms', key: 'milliseconds', days: 0, ms: 1 },
];

const longestDays = 366 * 100;
const howTo = 'Write it like `1h30m`, from large to small units: w, d, h, m, s, ms.';

/**
 * Reads `1w2d3h4m5s500ms` or `{weeks, days, hours, minutes, seconds, milliseconds}`. Whole numbers
 * only, zero allowed, at most 100 years. Never throws, whatever it is given.
 */
export function parseDuration(declared: unknown): DurationResult {
  const result = typeof declared === 'string' ? parseText(declared) : parseMap(declared);
  if (!result.ok) return result;
  const { days, ms } = result.duration;
  if (days + ms / 86_400_000 <= longestDays) return result;
  return failed({ message: 'the duration is longer than 100 years', help: 'Write a shorter one.' });
}

/** Length with days of 24 hours; for timeouts, delays and whatever else has no zone. */
export function durationMs(duration: Duration): Milliseconds {
  return duration.days * 86_400_000 + duration.ms;
}

function parseText(text: string): DurationResult {
  const written = text.trim();
  if (written === '') return failed({ message: 'the duration is empty', help: howTo });
  const shift = text.indexOf(written);
  const part = /(\d+)(ms|[wdhms])/y;
  let days = 0;
  let ms = 0;
  let lowestUnit = -1;
  while (part.lastIndex < written.length) {
    const offset = part.lastIndex;
    const match = part.exec(written);
    if (match === null) return failed(unreadable(written, offset, shift));
    const index = units.findIndex((unit) => unit.text === match[2]);
    const unit = units[index];
    if (unit === undefined || index <= lowestUnit) {
      const message = `"${match[2]}" comes too late or twice in the duration "${shortened(written)}"`;
      return failed({ message, help: howTo, offset: offset + shift, length: match[0].length });
    }
    lowestUnit = index;
    days += Number(match[1]) * unit.days;
    ms += Number(match[1]) * unit.ms;
  }
  return { ok: true, duration: { days, ms } };
}

function unreadable(written: string, offset: number, shift: number): DurationProblem {
  const rest = written.slice(offset);
  const at = { offset: offset + shift, length: rest.length };
  const message = `"${shortened(written)}" is not a duration`;
  if (/^\d+$/.test(rest))
    return {
      message,
      help: `Say the unit: \`${shortened(rest)}s\`, \`${shortened(rest)}m\` ...`,
      ...at,
    };
  if (/^-/.test(rest)) return { message, help: 'A duration cannot be negative.', ...at };
  if (/^\d*[.,]\d/.test(rest))
    return { message, help: 'Use whole numbers and a smaller unit: `1h30m`, not `1.5h`.', ...at };
  return { message, help: howTo, ...at };
}

function parseMap(declared: unknown): DurationResult {
  if (typeof declared === 'number')
    return failed({
      message: `the duration ${declared} has no unit`,
      help: `Say the unit: \`${declared}s\`, \`${declared}m\` ...`,
    });
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared))
    return failed({ message: 'the duration is neither a text nor a map', help: howTo });
  const entries = Object.entries(declared);
  if (entries.length === 0) return failed({ message: 'the duration is empty', help: howTo });
  let days = 0;
  let ms = 0;
  for (const [key, count] of entries) {
    const unit = units.find((candidate) => candidate.key === key);
    if (unit === undefined) return failed(unknownKey(key));
    if (!Number.isSafeInteger(count) || count < 0)
      return failed({
        message: `"${key}" of the duration is not a whole number from 0 up`,
        help: 'Use whole numbers and a smaller unit: `{hours: 1, minutes: 30}`.',
        key,
      });
    days += count * unit.days;
    ms += count * unit.ms;
  }
  return { ok: true, duration: { days, ms } };
}

function unknownKey(key: string): DurationProblem {
  const known = units.map((unit) => unit.key).join(', ');
  return { message: `a duration has no "${shortened(key)}"`, help: `It has: ${known}.`, key };
}

function failed(problem: DurationProblem): DurationResult {
  return { ok: false, problem };
}
