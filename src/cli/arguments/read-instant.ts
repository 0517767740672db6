import type { Instant } from '../../clock/clock.ts';
import { JobsdError } from '../../errors.ts';
import { parseDateTime } from '../../schedule/parse-date-time.ts';
import { durationMs, parseDuration } from '../../schedule/parse-duration.ts';

/** A date and time as in the files: local time of the zone unless it has `Z` or an offset. */
export function readInstant(option: string, written: string, timezone: string): Instant {
  const read = parseDateTime(written, timezone);
  if (read.ok) return read.at;
  throw new JobsdError('JOBSD_USAGE', `${option}: ${read.problem.message}. ${read.problem.help}`);
}

/** A date and time, or a duration from now: `2h`. */
export function readUntil(
  option: string,
  written: string,
  timezone: string,
  now: Instant,
): Instant {
  const length = parseDuration(written);
  return length.ok ? now + durationMs(length.duration) : readInstant(option, written, timezone);
}
