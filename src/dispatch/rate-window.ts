import type { Instant, Milliseconds } from '../clock/clock.ts';

export interface Rate {
  readonly count: number;
  readonly perMs: Milliseconds;
}

/** The starts of one slice of a window, as they are kept for the next life of the daemon. */
export interface RateSlice {
  /** 0 … 65. When it comes round again, what it held has left the window. */
  readonly index: number;
  readonly count: number;
  /** The last of them: who knows no more takes all of them for as late. */
  readonly lastAt: Instant;
}

const slicesPerWindow = 64;
// One more for a window that begins inside a slice, and one against rounding.
const slices = slicesPerWindow + 2;

/** At most `count` starts in any stretch of `perMs`: remembers the last `count` starts. */
export class RateWindow {
  readonly rate: Rate;
  private starts: Instant[] = [];
  /** Those before it have left the window. */
  private begin = 0;
  private slice = { number: Number.NaN, count: 0, lastAt: 0 };

  constructor(rate: Rate, starts: readonly Instant[] = []) {
    this.rate = rate;
    this.starts = starts.slice(-rate.count);
    // The slice that is not over yet goes on: it is written anew with the next start in it.
    for (const at of this.starts) this.addToSlice(at);
  }

  fits(rate: Rate): boolean {
    return rate.count === this.rate.count && rate.perMs === this.rate.perMs;
  }

  /** 0 when a start is allowed now. A clock set back makes it wait no longer than one whole window. */
  waitMs(now: Instant): Milliseconds {
    this.comeBackTo(now);
    const { count, perMs } = this.rate;
    if (this.starts.length - this.begin < count) return 0;
    const oldest = this.starts[this.begin] ?? now;
    return Math.min(Math.max(oldest + perMs - now, 0), perMs);
  }

  take(now: Instant): void {
    this.starts.push(now);
    if (this.starts.length - this.begin > this.rate.count) this.begin += 1;
    // To shift one out each time would cost as much as there are.
    if (this.begin > this.rate.count) {
      this.starts = this.starts.slice(this.begin);
      this.begin = 0;
    }
    this.addToSlice(now);
  }

  /** The starts it remembers, oldest first. */
  get remembered(): readonly Instant[] {
    return this.starts.slice(this.begin);
  }

  /** The slice of the latest start. */
  get latestSlice(): RateSlice {
    const { number, count, lastAt } = this.slice;
    return { index: ((number % slices) + slices) % slices, count, lastAt };
  }

  private addToSlice(now: Instant): void {
    const number = Math.floor(now / Math.ceil(this.rate.perMs / slicesPerWindow));
    const count = number === this.slice.number ? this.slice.count + 1 : 1;
    this.slice = { number, count, lastAt: now };
  }

  /** Starts that seem to lie ahead were just now: the clock has been set back since. */
  private comeBackTo(now: Instant): void {
    const aheadMs = (this.starts.at(-1) ?? now) - now;
    if (aheadMs <= 0) return;
    this.starts = this.starts.map((at) => at - aheadMs);
  }
}

/** The starts that the slices of an earlier life stand for, oldest first. */
export function startsOfSlices(
  slicesKept: readonly Omit<RateSlice, 'index'>[],
  { count, perMs }: Rate,
  now: Instant,
): Instant[] {
  const inWindow = slicesKept
    .filter(({ lastAt }) => lastAt > now - perMs)
    .sort((a, b) => a.lastAt - b.lastAt);
  const starts: Instant[] = [];
  for (const slice of inWindow) {
    const at = Math.min(slice.lastAt, now);
    for (let n = 0; n < Math.min(slice.count, count); n++) starts.push(at);
  }
  return starts.slice(-count);
}
