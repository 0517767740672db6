import type { Host } from './host.ts';
import type { RunEstimate } from './service-profiles.ts';

// What is handed over and not begun should begin within this: a host can turn out to be stuck,
// and then all of it is late by the time that takes to notice.
const windowMs = 5;

/**
 * Whether a host should get such a run now. Runs that mostly wait (for an endpoint, say) are
 * limited by number; short ones are also lined up behind each other, as far as they will have
 * begun in a few milliseconds.
 */
export function mayTake(host: Host, estimate: RunEstimate, concurrency: number): boolean {
  if (!host.isReady || host.seatsTaken >= concurrency) return false;
  return host.unbegun.count === 0 || host.unbegun.costMs + estimate.worstMs <= windowMs;
}
