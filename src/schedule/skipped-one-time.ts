import { clockChangeNear } from './clock-changes.ts';
import type { LocalTime } from './local-time.ts';
import { parseDateTime } from './parse-date-time.ts';
import type { OneTimeSchedule } from './schedule.ts';

/**
 * The local time a one-time job was written with, when clocks skip it and the job fires later for
 * that; undefined for every other. A text with `Z` or an offset is never skipped.
 */
export function skippedOneTime(
  { at, timezone }: OneTimeSchedule,
  written: string,
): LocalTime | undefined {
  const change = clockChangeNear(timezone, at);
  if (change?.kind !== 'gap') return undefined;
  const local = parseDateTime(written, 'UTC');
  const elsewhere = parseDateTime(written, 'Etc/GMT+5');
  if (!local.ok || !elsewhere.ok || local.at === elsewhere.at) return undefined;
  return local.at >= change.from && local.at < change.to ? local.at : undefined;
}
