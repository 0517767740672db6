import type { Instant, Milliseconds } from '../clock/clock.ts';
import { stableHash } from './stable-hash.ts';

/**
 * How long after its nominal time an occurrence starts: 0 … `boundMs` by a hash of job and nominal
 * time, so the same on every node and after a restart. Always before `nextNominal`, if there is
 * one, so that occurrences keep their order.
 */
export function jitterMs(
  jobName: string,
  nominal: Instant,
  boundMs: Milliseconds,
  nextNominal?: Instant,
): Milliseconds {
  const room = nextNominal === undefined ? boundMs : Math.min(boundMs, nextNominal - nominal - 1);
  if (room <= 0) return 0;
  const share = stableHash(`${jobName}@${nominal}`) / 2 ** 32;
  return Math.floor(share * (Math.floor(room) + 1));
}
