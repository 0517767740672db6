import type { Instant } from '../clock/clock.ts';
import { zoneOffsets } from './zone-offsets.ts';

/** What a clock of the zone shows, as milliseconds since 1970-01-01T00:00 of that clock. */
export type LocalTime = number;

export function localTimeOf(instant: Instant, timezone: string): LocalTime {
  const zone = zoneOffsets(timezone);
  return instant + zone.offset(zone.stretchAt(Math.floor(instant / 1000))) * 1000;
}

/**
 * The instant of a local time. One that the clock skips moves forward by the length of the gap;
 * of two equal ones it is the first. (The "compatible" reading of RFC 5545 and of Temporal.)
 */
export function instantOf(local: LocalTime, timezone: string): Instant {
  const zone = zoneOffsets(timezone);
  const second = Math.floor(local / 1000);
  // The offset before any change near by decides both cases, unless the change lies behind.
  let stretch = zone.stretchAt(second - 86_400);
  zone.coverUntil(second + 86_400);
  while (second - zone.offset(stretch) >= zone.end(stretch)) {
    const skipped = second - zone.offset(stretch + 1) < zone.end(stretch);
    if (skipped) break;
    stretch++;
  }
  return local - zone.offset(stretch) * 1000;
}
