import type { Clock } from '../clock/clock.ts';
import type { ActiveRun } from './active-run.ts';
import type { EndingOutcome } from './protocol.ts';

const longestTimerMs = 2 ** 31 - 1;

/** Timeout, abort, grace, kill: for each run that has begun. */
export class RunDeadlines {
  readonly #clock: Clock;
  readonly #kill: (run: ActiveRun) => void;

  constructor(clock: Clock, kill: (run: ActiveRun) => void) {
    this.#clock = clock;
    this.#kill = kill;
  }

  /** The timeout counts from the begin, not from the time it waited for a host. */
  begun(run: ActiveRun): void {
    if (run.ending !== undefined) return this.end(run, run.ending.outcome, run.ending.reason);
    const { timeoutMs } = run.request;
    const reason = `The run did not end within its timeout of ${timeoutMs} ms.`;
    this.#arm(run, timeoutMs, () => this.end(run, 'timed-out', reason));
  }

  /** Asks a run to end, and has its host killed when it has not done so after its grace. */
  end(run: ActiveRun, outcome: EndingOutcome, reason: string): void {
    run.ending ??= { outcome, reason };
    run.seat?.host.abort(run.seat.seq, reason);
    this.#arm(run, run.request.graceMs, () => this.#kill(run));
  }

  clear(run: ActiveRun): void {
    run.cancelTimer?.();
    run.cancelTimer = undefined;
  }

  #arm(run: ActiveRun, delayMs: number, callback: () => void): void {
    run.cancelTimer?.();
    run.cancelTimer = this.#clock.after(Math.min(delayMs, longestTimerMs), callback);
  }
}
