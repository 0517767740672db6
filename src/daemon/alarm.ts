import type { CancelTimer, Clock, Instant, Milliseconds } from '../clock/clock.ts';

// Look at the wall clock at least this often: timers overflow past 24.8 days, and after a suspended
// machine or a clock set forward one long timer would go off late by the whole of it.
const sliceMs = 30_000;

// A long sleep ends late by about 0.1 % of its length (epoll rounds); a short one by far less. So
// sleep to just before the instant, then sleep the rest.
const approachMs = 20;

// Timers count whole milliseconds and go off up to two late. After a longer sleep the last two are
// passed awake, once through the event loop at a time: that takes at most 1 % of a processor.
const awakeMs = 2;
const longSleepMs = 200;
const onceThroughTheLoopMs = 0.5;

/**
 * Calls back at a wall-clock instant: never before it, whatever timers and clocks do. Also calls
 * back at each slice in between, since only a look at the clock can tell that it has jumped.
 */
export class Alarm {
  private readonly clock: Clock;
  private readonly onWake: () => void;
  private at: Instant | undefined;
  private cancel: CancelTimer | undefined;
  private hasSleptLong = false;

  constructor(clock: Clock, onWake: () => void) {
    this.clock = clock;
    this.onWake = onWake;
  }

  /** Replaces the instant to wake at; `undefined` leaves only the slices. */
  set(at: Instant | undefined): void {
    if (this.cancel && at === this.at) return;
    if (at !== this.at) this.hasSleptLong = false;
    this.at = at;
    this.arm();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private arm(): void {
    this.cancel?.();
    const remainingMs = (this.at ?? Number.POSITIVE_INFINITY) - this.clock.now();
    if (remainingMs >= longSleepMs) this.hasSleptLong = true;
    if (remainingMs > sliceMs) this.cancel = this.clock.after(sliceMs, this.wake);
    else this.cancel = this.clock.after(this.sleepMs(remainingMs), this.rearm);
  }

  private sleepMs(remainingMs: Milliseconds): Milliseconds {
    if (remainingMs > 2 * approachMs) return remainingMs - approachMs;
    if (!this.hasSleptLong) return Math.max(remainingMs, 0);
    return remainingMs > awakeMs ? remainingMs - awakeMs : onceThroughTheLoopMs;
  }

  private readonly rearm = (): void => {
    if (this.at !== undefined && this.clock.now() < this.at) this.arm();
    else this.wake();
  };

  private readonly wake = (): void => {
    this.cancel = undefined;
    this.onWake();
  };
}
