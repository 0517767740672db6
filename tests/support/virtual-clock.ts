import type { CancelTimer, Clock, Instant, Milliseconds } from '../../src/clock/clock.ts';

interface Timer {
  readonly dueMs: Milliseconds;
  readonly callback: () => void;
  isCancelled: boolean;
}

/**
 * A clock that moves only when told to. Wall and monotonic time are apart, so that jumps and
 * suspends can be made; between two timers all promises run to their end, so that what a timer set
 * off is over before the next one goes off.
 */
export class VirtualClock implements Clock {
  private wallOffsetMs: number;
  private monotonicMs = 0;
  /** By when they are due; of one instant in the order in which they were set. */
  private readonly timers: Timer[] = [];

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
    const dueMs = this.monotonicMs + Math.max(delayMs, 0);
    const timer = { dueMs, callback, isCancelled: false };
    let [low, high] = [0, this.timers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timers[middle]?.dueMs ?? dueMs) <= dueMs) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  /** Lets time pass, timer by timer. */
  async advance(durationMs: Milliseconds): Promise<void> {
    const endMs = this.monotonicMs + durationMs;
    await settled();
    for (let next = this.timers[0]; next && next.dueMs <= endMs; next = this.timers[0]) {
      this.timers.shift();
      if (next.isCancelled) continue;
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
