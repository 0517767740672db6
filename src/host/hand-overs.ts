import type { Clock } from '../clock/clock.ts';
import type { ActiveRun } from './active-run.ts';

/** What has been handed to a host and is not known to have begun there, oldest first. */
export class HandOvers {
  readonly #clock: Clock;
  #runs: ActiveRun[] = [];
  #costMs = 0;
  #longCount = 0;
  #waitingSince = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#runs.length;
  }

  get oldest(): ActiveRun | undefined {
    return this.#runs[0];
  }

  /** For how long nothing of it has begun. */
  get waitedMs(): number {
    return this.#runs.length === 0 ? 0 : this.#clock.monotonic() - this.#waitingSince;
  }

  /** How long they will keep the host's thread, as estimated. */
  get costMs(): number {
    return this.#costMs;
  }

  /** How many are not over soon, and will each take a place of their own. */
  get longCount(): number {
    return this.#longCount;
  }

  /** Among them is one of a service that is not known to let go of a thread. */
  get hasUnknown(): boolean {
    return this.#runs.some((run) => run.seat?.estimate.isUnknown);
  }

  add(run: ActiveRun): void {
    if (this.#runs.length === 0) this.#waitingSince = this.#clock.monotonic();
    this.#runs.push(run);
    this.#count(run, 1);
  }

  /** Takes out those up to that number: hand-overs begin in order. */
  takeUpTo(seq: number): ActiveRun[] {
    const end = this.#runs.findIndex(({ seat }) => seat === undefined || seat.seq > seq);
    const begun = this.#runs.splice(0, end === -1 ? this.#runs.length : end);
    for (const run of begun) this.#count(run, -1);
    if (begun.length > 0) this.#waitingSince = this.#clock.monotonic();
    // Sums of fractions do not come back to zero by themselves.
    if (this.#runs.length === 0) this.#costMs = 0;
    return begun;
  }

  takeAll(): ActiveRun[] {
    return this.takeUpTo(Number.POSITIVE_INFINITY);
  }

  #count(run: ActiveRun, by: 1 | -1): void {
    if (run.seat === undefined) return;
    this.#costMs += by * run.seat.estimate.costMs;
    if (!run.seat.estimate.isShort) this.#longCount += by;
  }
}
