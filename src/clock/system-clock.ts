import type { Clock } from './clock.ts';

/**
 * The machine's clock. A delay of less than a millisecond goes through the event loop once instead
 * of through a timer, which would round it up to a whole one.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    if (delayMs < 1) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
