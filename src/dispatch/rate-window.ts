import type { Instant, Milliseconds } from '../clock/clock.ts';

/** At most `count` starts in any stretch of `perMs`: remembers the last `count` starts. */
export class RateWindow {
  private readonly count: number;
  private readonly perMs: Milliseconds;
  private readonly starts: Instant[] = [];

  constructor(rate: { count: number; perMs: Milliseconds }) {
    this.count = rate.count;
    this.perMs = rate.perMs;
  }

  fits(rate: { count: number; perMs: Milliseconds }): boolean {
    return rate.count === this.count && rate.perMs === this.perMs;
  }

  /** 0 when a start is allowed now. A clock set back makes it wait no longer than one whole window. */
  waitMs(now: Instant): Milliseconds {
    this.comeBackTo(now);
    if (this.starts.length < this.count) return 0;
    const oldest = this.starts[0] ?? now;
    return Math.min(Math.max(oldest + this.perMs - now, 0), this.perMs);
  }

  take(now: Instant): void {
    this.starts.push(now);
    if (this.starts.length > this.count) this.starts.shift();
  }

  /** Starts that seem to lie ahead were just now: the clock has been set back since. */
  private comeBackTo(now: Instant): void {
    const aheadMs = (this.starts.at(-1) ?? now) - now;
    if (aheadMs <= 0) return;
    for (const [index, at] of this.starts.entries()) this.starts[index] = at - aheadMs;
  }
}
