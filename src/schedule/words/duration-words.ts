import type { Milliseconds } from '../../clock/clock.ts';
import { joinWords } from './value-list.ts';

const elapsedUnits = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const;

/** `1 week and 2 days`, `1 hour and 30 minutes`; `hour` alone stands for `1 hour` after "every". */
export function durationWords(days: number, ms: Milliseconds): string {
  const parts = [counted(Math.floor(days / 7), 'week'), counted(days % 7, 'day')];
  let rest = ms;
  for (const [unit, unitMs] of elapsedUnits) {
    const count = Math.floor(rest / unitMs);
    parts.push(counted(count, unit));
    rest -= count * unitMs;
  }
  return joinWords(parts.filter((part) => part !== ''));
}

function counted(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
