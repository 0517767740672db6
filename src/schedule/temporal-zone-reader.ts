import type { ZoneReader, ZoneSpan } from './zone-reader.ts';

/** Reads offset changes from the engine's Temporal. */
export const temporalZoneReader: ZoneReader = {
  properName(name) {
    try {
      return atSecond(0, name).timeZoneId;
    } catch {
      return undefined;
    }
  },

  readSpan(zone, from, until): ZoneSpan {
    const start = atSecond(from, zone);
    const changes: [number, number][] = [];
    let change = start.getTimeZoneTransition('next');
    while (change !== null) {
      const at = change.epochMilliseconds / 1000;
      changes.push([at, offsetSeconds(change)]);
      if (at >= until) return { firstOffset: offsetSeconds(start), changes, completeUntil: at };
      change = change.getTimeZoneTransition('next');
    }
    return { firstOffset: offsetSeconds(start), changes, completeUntil: Infinity };
  },
};

function atSecond(second: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(zone);
}

function offsetSeconds(time: Temporal.ZonedDateTime): number {
  return time.offsetNanoseconds / 1e9;
}
