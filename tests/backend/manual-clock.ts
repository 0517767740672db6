import type { Clock } from '../../src/clock/clock.ts';

/** A clock that stands still until it is set. */
export class ManualClock implements Clock {
  at = Date.UTC(2026, 10, 20, 17);

  now(): number {
    return this.at;
  }

  monotonic(): number {
    return this.at;
  }

  after(): () => void {
    throw new Error('No backend sets timers.');
  }
}
