import type { Instant } from '../../clock/clock.ts';
import { JobsdError } from '../../errors.ts';
import { parseDateTime } from '../../schedule/parse-date-time.ts';
import { durationMs, parseDuration } from '../../schedule/parse-duration.ts';
import { checkTimezone } from '../../schedule/timezone.ts';

/** The instant an option names, local to the zone unless it says otherwise; or JOBSD_USAGE. */
export function readTime(option: string, written: string, timezone: string): Instant {
  const result = parseDateTime(written, timezone);
  if (result.ok) return result.at;
  const { message, help } = result.problem;
  throw new JobsdError('JOBSD_USAGE', `${option}: ${message}. ${help}`);
}

/** A time, or a duration from now (`2h`); or JOBSD_USAGE. */
export function readUntil(
  option: string,
  written: string,
  timezone: string,
  now: Instant,
): Instant {
  const length = parseDuration(written);
  return length.ok ? now + durationMs(length.duration) : readTime(option, written, timezone);
}

/** The zone `--timezone` names, in its proper case; or JOBSD_USAGE. */
export function readTimezone(written: string): string {
  const result = checkTimezone(written);
  if (result.ok) return result.name;
  throw new JobsdError('JOBSD_USAGE', `--timezone: ${result.message}. ${result.help}`);
}
