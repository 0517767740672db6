import type { Clock, Milliseconds } from '../clock/clock.ts';

// Less than this is the ordinary slewing of a clock kept by NTP, and changes nothing for us.
const toleratedDriftMs = 1000;

/** Compares wall with monotonic time at each look: notices jumps, and machines that were suspended. */
export class ClockWatch {
  private readonly clock: Clock;
  private lastWallAt: number;
  private lastMonotonicMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.lastWallAt = clock.now();
    this.lastMonotonicMs = clock.monotonic();
  }

  /** By how much the wall clock has jumped since the last look: 0, or more than a second either way. */
  look(): { jumpMs: Milliseconds; elapsedMs: Milliseconds } {
    const wallAt = this.clock.now();
    const monotonicMs = this.clock.monotonic();
    const elapsedMs = monotonicMs - this.lastMonotonicMs;
    const driftMs = wallAt - this.lastWallAt - elapsedMs;
    this.lastWallAt = wallAt;
    this.lastMonotonicMs = monotonicMs;
    return { jumpMs: Math.abs(driftMs) > toleratedDriftMs ? driftMs : 0, elapsedMs };
  }
}
