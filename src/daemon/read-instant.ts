import type { Instant } from '../clock/clock.ts';
import { JobsdError } from '../errors.ts';
import { parseDateTime } from '../schedule/parse-date-time.ts';
import { durationMs, parseDuration } from '../schedule/parse-duration.ts';

/**
 * The instant that a field of a question names: ISO, local to the zone unless it says otherwise, as
 * the commands take it. Throws JOBSD_INPUT_INVALID, which begins with the field's name.
 */
export function readInstant(field: string, written: string, timezone: string): Instant {
  const result = parseDateTime(written, timezone);
  if (result.ok) return result.at;
  const { message, help } = result.problem;
  throw new JobsdError('JOBSD_INPUT_INVALID', `${field}: ${message}. ${help}`);
}

/** The same, or a duration from now (`2h`). */
export function readEnd(field: string, written: string, timezone: string, now: Instant): Instant {
  const length = parseDuration(written);
  return length.ok ? now + durationMs(length.duration) : readInstant(field, written, timezone);
}
