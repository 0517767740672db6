import type { Instant } from '../clock/clock.ts';

/**
 * The years in which times are told and looked for. Before 1900 clocks were set town by town, and
 * what zones will do after 2199 nobody knows; searching on would only take time.
 */
export const firstYear = 1900;
export const lastYear = 2199;

/** 1900-01-01T00:00:00Z, inclusive. */
export const horizonStart: Instant = -2_208_988_800_000;

/** 2200-01-01T00:00:00Z, exclusive. */
export const horizonEnd: Instant = 7_258_118_400_000;

export function isWithinHorizon(at: Instant): boolean {
  return at >= horizonStart && at < horizonEnd;
}
