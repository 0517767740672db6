import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { Instant } from '../../clock/clock.ts';
import { localTimeOf } from '../../schedule/local-time.ts';

/** `2030-01-01T00:00:00Z`; the milliseconds only when there are any. */
export function isoInstant(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** `2030-01-01T00:00:00Z`, to the second: for tables, where every column counts. */
export function isoSecond(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, -5)}Z`;
}

/** `in 5s`, `in 5m`, `3h 4m ago`, `now`. */
export function relativeTime(at: Instant, now: Instant): string {
  const distanceMs = at - now;
  const seconds = Math.floor(Math.abs(distanceMs) / 1_000);
  if (seconds === 0) return 'now';
  // Tenths of a second, which a duration shows, would claim more than anybody needs here.
  const length = seconds < 60 ? `${seconds}s` : approximateDuration(seconds * 1_000);
  return distanceMs > 0 ? `in ${length}` : `${length} ago`;
}

/** The instant as a clock of the zone shows it: `2030-01-01T02:00:00+02:00`. */
export function localIso(at: Instant, timezone: string): string {
  const local = localTimeOf(at, timezone);
  const offsetMinutes = Math.round((local - at) / 60_000);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const hours = Math.floor(Math.abs(offsetMinutes) / 60);
  const minutes = Math.abs(offsetMinutes) % 60;
  const text = new Date(local).toISOString().slice(0, -1).replace('.000', '');
  return `${text}${sign}${twoDigits(hours)}:${twoDigits(minutes)}`;
}

/** As `relativeTime`, in the largest unit alone: for tables, beside the instant itself. */
export function shortRelativeTime(at: Instant, now: Instant): string {
  const years = Math.floor(Math.abs(at - now) / yearMs);
  if (years >= 2) return at > now ? `in ${years}y` : `${years}y ago`;
  return relativeTime(at, now).replace(/^((?:in )?\d+[dhm]) \d+[hms]/, '$1');
}

const yearMs = 365.25 * 86_400_000;

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
