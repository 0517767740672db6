import type { Clock, Milliseconds } from '../clock/clock.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { ActiveRun } from './active-runs.ts';
import type { Step } from './step.ts';

export interface RetriesOptions {
  readonly clock: Clock;
  /** 0 when it may start now, a time when that much is asked for, Infinity until another run ends. */
  readonly waitMs: (ticket: Ticket) => Milliseconds;
  /** Begins the next attempt, in the step that is given or in one of its own. */
  readonly start: (active: ActiveRun, step?: Step) => void;
}

// The longest a timer can be; a longer one would go off at once.
const longestTimerMs = 2 ** 31 - 1;

/** Runs between two attempts: each comes back at its time, or as soon as there is room after it. */
export class Retries {
  private readonly options: RetriesOptions;
  private readonly blocked = new Set<ActiveRun>();

  constructor(options: RetriesOptions) {
    this.options = options;
  }

  /** Whether some are due and found no room. */
  get hasBlocked(): boolean {
    return this.blocked.size > 0;
  }

  /** Sets the timer of the next attempt, by the record's `retryAt`. */
  arm(active: ActiveRun): void {
    const { run, definition } = active.ticket;
    const remainingMs = (run.retryAt ?? 0) - this.options.clock.now();
    // Longer than this it cannot be, unless the clock was wrong when it was planned.
    this.tryAfter(active, Math.min(Math.max(remainingMs, 0), definition.retry.maxDelayMs));
  }

  /** There may be room again. */
  wake(step: Step): void {
    if (this.blocked.size === 0) return;
    for (const active of [...this.blocked]) {
      if (this.options.waitMs(active.ticket) === Number.POSITIVE_INFINITY) continue;
      this.blocked.delete(active);
      this.tryAgain(active, step);
    }
  }

  private tryAfter(active: ActiveRun, delayMs: Milliseconds): void {
    const nowMs = Math.min(delayMs, longestTimerMs);
    active.cancelTimer = this.options.clock.after(nowMs, () => {
      if (delayMs > nowMs) this.tryAfter(active, delayMs - nowMs);
      else this.tryAgain(active);
    });
  }

  private tryAgain(active: ActiveRun, step?: Step): void {
    const waitMs = this.options.waitMs(active.ticket);
    if (waitMs === 0) return this.options.start(active, step);
    if (waitMs !== Number.POSITIVE_INFINITY) return this.tryAfter(active, waitMs);
    this.blocked.add(active);
    active.cancelTimer = () => this.blocked.delete(active);
  }
}
