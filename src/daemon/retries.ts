import type { CancelTimer, Clock, Milliseconds } from '../clock/clock.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { ActiveRun } from './active-runs.ts';
import type { Step } from './step.ts';

export interface RetriesOptions {
  readonly clock: Clock;
  /** 0 when it may start now, a time when that much is asked for, Infinity until another run ends. */
  readonly waitMs: (ticket: Ticket) => Milliseconds;
  /** Begins the next attempt, in the step that is given or in one of its own. */
  readonly start: (active: ActiveRun, step?: Step) => void;
  /** A rate may let one more start. */
  readonly onRate: () => void;
}

// The longest a timer can be; a longer one would go off at once.
const longestTimerMs = 2 ** 31 - 1;

/** Runs that are due and find no room, first come first served: the same holds up all of them. */
interface Line {
  readonly runs: Set<ActiveRun>;
  cancelTimer?: CancelTimer | undefined;
}

/** Runs between two attempts: each comes back at its time, or as soon as there is room after it. */
export class Retries {
  private readonly options: RetriesOptions;
  /** By service and group. */
  private readonly lines = new Map<string, Line>();

  constructor(options: RetriesOptions) {
    this.options = options;
  }

  /** Whether some are due and found no room. */
  get hasBlocked(): boolean {
    return this.lines.size > 0;
  }

  /** Sets the timer of the next attempt, by the record's `retryAt`. */
  arm(active: ActiveRun): void {
    const { run, definition } = active.ticket;
    const remainingMs = (run.retryAt ?? 0) - this.options.clock.now();
    // Longer than this it cannot be, unless the clock was wrong when it was planned.
    this.tryAfter(active, Math.min(Math.max(remainingMs, 0), definition.retry.maxDelayMs));
  }

  /** There may be room again, or other limits. */
  wake(step: Step): void {
    for (const [key, line] of this.lines) this.advance(key, line, step);
  }

  private tryAfter(active: ActiveRun, delayMs: Milliseconds): void {
    const nowMs = Math.min(delayMs, longestTimerMs);
    active.cancelTimer = this.options.clock.after(nowMs, () => {
      if (delayMs > nowMs) this.tryAfter(active, delayMs - nowMs);
      else this.lineUp(active);
    });
  }

  private lineUp(active: ActiveRun): void {
    const { service, group } = active.ticket.definition;
    const key = JSON.stringify([service, group]);
    const line = this.lines.get(key) ?? { runs: new Set() };
    this.lines.set(key, line);
    line.runs.add(active);
    active.cancelTimer = () => this.leave(key, line, active);
    this.advance(key, line);
  }

  private advance(key: string, line: Line, step?: Step): void {
    line.cancelTimer?.();
    line.cancelTimer = undefined;
    for (const active of line.runs) {
      const waitMs = this.options.waitMs(active.ticket);
      if (waitMs > 0) return this.wait(line, waitMs);
      this.leave(key, line, active);
      this.options.start(active, step);
    }
  }

  private wait(line: Line, waitMs: Milliseconds): void {
    if (waitMs === Number.POSITIVE_INFINITY) return;
    const nowMs = Math.min(waitMs, longestTimerMs);
    line.cancelTimer = this.options.clock.after(nowMs, this.options.onRate);
  }

  private leave(key: string, line: Line, active: ActiveRun): void {
    line.runs.delete(active);
    if (line.runs.size > 0) return;
    line.cancelTimer?.();
    this.lines.delete(key);
  }
}
