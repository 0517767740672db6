import type { CancelTimer, Clock, Instant, Milliseconds } from '../../src/clock/clock.ts';

interface Timer {
  readonly dueMs: Milliseconds;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only when told to. Wall and monotonic time are apart, so that jumps and
 * suspends can be made; between two timers all promises run to their end, so that what a timer set
 * off is over before the next one goes off.
 */
export class VirtualClock implements Clock {
  private wallOffsetMs: number;
  private monotonicMs = 0;
  private timers: Timer[] = [];
  private order = 0;

  constructor(start: string | Instant) {
    this.wallOffsetMs = typeof start === 'number' ? start : Date.parse(start);
  }

  now(): Instant {
    return this.wallOffsetMs + this.monotonicMs;
  }

  monotonic(): Milliseconds {
    return this.monotonicMs;
  }

  after(delayMs: Milliseconds, callback: () => void): CancelTimer {
    const timer = { dueMs: this.monotonicMs + Math.max(delayMs, 0), order: this.order++, callback };
    const index = this.timers.findIndex((other) => other.dueMs > timer.dueMs);
    this.timers.splice(index < 0 ? this.timers.length : index, 0, timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, timer by timer. */
  async advance(durationMs: Milliseconds): Promise<void> {
    const endMs = this.monotonicMs + durationMs;
    await settled();
    for (let next = this.timers[0]; next && next.dueMs <= endMs; next = this.timers[0]) {
      this.timers.shift();
      this.monotonicMs = Math.max(this.monotonicMs, next.dueMs);
      next.callback();
      await settled();
    }
    this.monotonicMs = endMs;
  }

  async advanceTo(instant: string | Instant): Promise<void> {
    const at = typeof instant === 'number' ? instant : Date.parse(instant);
    await this.advance(at - this.now());
  }

  /** The process stands still (SIGSTOP, a starved machine): time passes, timers go off only after it. */
  async stall(durationMs: Milliseconds): Promise<void> {
    this.monotonicMs += durationMs;
    await this.advance(0);
  }

  /** The wall clock jumps; no time passes. A suspended machine looks the same from inside. */
  jump(byMs: Milliseconds): void {
    this.wallOffsetMs += byMs;
  }
}

/** Resolves when all promises that can settle without a timer have settled. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
