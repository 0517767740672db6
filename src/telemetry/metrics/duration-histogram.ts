import type { Milliseconds } from '../../clock/clock.ts';

/** How many durations fell between which bounds, and their sum. */
export class DurationHistogram {
  /** Ascending; a duration that equals a bound is within it. */
  readonly boundsMs: readonly Milliseconds[];
  /** One more than bounds: the last counts what is beyond all of them. */
  readonly counts: Float64Array;
  sumMs: Milliseconds = 0;

  constructor(boundsMs: readonly Milliseconds[]) {
    this.boundsMs = boundsMs;
    this.counts = new Float64Array(boundsMs.length + 1);
  }

  observe(durationMs: Milliseconds): void {
    const { boundsMs, counts } = this;
    let bucket = 0;
    while (bucket < boundsMs.length && durationMs > (boundsMs[bucket] ?? 0)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.sumMs += durationMs;
  }
}
