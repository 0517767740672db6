import type { Clock } from '../clock/clock.ts';
import type { Limits } from '../dispatch/occupancy.ts';
import type { Outcome, RunRecord } from '../dispatch/run.ts';
import type { Executor } from '../host/executor.ts';
import type { Journal } from './journal.ts';
import type { Reactions } from './reactions.ts';

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly journal: Journal;
  readonly executor: Executor;
  /** Makes the ticket of the job or service that a run's end sets off. */
  readonly reactions: Reactions;
  readonly limits: Limits;
  readonly events: DispatcherEvents;
}

/** What the dispatcher tells the outside about runs. */
export interface DispatcherEvents {
  /** It was handed to this host. */
  started(run: RunRecord, host: string): void;
  /** The record is durable. Also for runs that are skipped. */
  ended(run: RunRecord): void;
  /** An attempt has ended like this, and another follows at `run.retryAt`. */
  retrying(run: RunRecord, outcome: Outcome): void;
}
