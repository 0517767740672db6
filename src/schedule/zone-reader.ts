import { intlZoneReader } from './intl-zone-reader.ts';
import { temporalZoneReader } from './temporal-zone-reader.ts';

/** The offsets of one stretch of time. All numbers are seconds, of UTC and of offset to it. */
export interface ZoneSpan {
  /** In force at the beginning of the span. */
  readonly firstOffset: number;
  /** Where the offset changes, ascending, each with the offset from then on. */
  readonly changes: readonly (readonly [at: number, offset: number])[];
  /** The list is complete up to here; at least what was asked for. */
  readonly completeUntil: number;
}

/** Where offsets come from: the time zone database inside the JavaScript engine. */
export interface ZoneReader {
  /** The IANA name in its own upper and lower case; undefined when there is no such zone. */
  properName(name: string): string | undefined;
  readSpan(zone: string, from: number, until: number): ZoneSpan;
}

// Temporal tells the changes themselves, which opens a zone in 8 µs; over Intl they have to be
// searched, and the first formatter alone costs 20 ms. Node has Temporal from version 26.
export const zoneReader: ZoneReader =
  typeof Temporal === 'undefined' ? intlZoneReader : temporalZoneReader;
