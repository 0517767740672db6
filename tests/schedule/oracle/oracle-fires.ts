import type { ClockWalk, Reading } from './clock-walk.ts';
import { type CronMeaning, cronMeaning } from './cron-meaning.ts';

export interface DstPolicies {
  readonly gap?: 'end' | 'shift' | 'skip';
  readonly overlap?: 'first' | 'second' | 'both';
}

/**
 * Every epoch second in [from, until) at which the expression fires, by looking at each reading of
 * the walk. With a walk by minutes the seconds of a matching minute are added one by one.
 */
export function oracleFires(
  expression: string,
  walk: ClockWalk,
  step: number,
  from: number,
  until: number,
  policies: DstPolicies = {},
): number[] {
  const meaning = cronMeaning(expression);
  const gap = policies.gap ?? (meaning.followsClock ? 'skip' : 'end');
  const overlap = policies.overlap ?? (meaning.followsClock ? 'both' : 'first');
  const fires: number[] = [];
  const ofWholeMinute = step === 60 ? secondsAfter(0, meaning, step) : undefined;
  for (const reading of readingsOf(walk, meaning)) {
    for (const second of ofWholeMinute ?? secondsAfter(reading.second, meaning, step)) {
      const at = fireAt(reading, second, gap, overlap);
      if (at !== undefined && at >= from && at < until) fires.push(at);
    }
  }
  // All readings of one gap may fire at its end: that is one fire.
  return fires.sort((a, b) => a - b).filter((at, index) => at !== fires[index - 1]);
}

/** The readings whose date, hour and minute match. */
function readingsOf(walk: ClockWalk, meaning: CronMeaning): Reading[] {
  const matching: Reading[] = [];
  for (const { date, hours } of walk.days) {
    if (!meaning.isDate(date)) continue;
    for (const [hour, readings] of hours) {
      if (!meaning.isHour(hour)) continue;
      for (const reading of readings) if (meaning.isMinute(reading.minute)) matching.push(reading);
    }
  }
  return matching;
}

/** Matching seconds of what a reading stands for, as seconds after it. */
function secondsAfter(first: number, meaning: CronMeaning, step: number): number[] {
  const seconds: number[] = [];
  for (let after = 0; after < step; after++)
    if (meaning.isSecond(first + after)) seconds.push(after);
  return seconds;
}

function fireAt(
  reading: Reading,
  second: number,
  gap: 'end' | 'shift' | 'skip',
  overlap: 'first' | 'second' | 'both',
): number | undefined {
  if (reading.kind === 'skipped') {
    if (gap === 'skip') return undefined;
    return gap === 'end' ? reading.at : reading.shiftedAt + second;
  }
  const counts = reading.kind === 'only' || overlap === 'both' || overlap === reading.kind;
  return counts ? reading.at + second : undefined;
}
