import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import { decideRetry } from '../dispatch/decide-retry.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Reactions } from './reactions.ts';
import { emptyStep, type Step } from './step.ts';
import { serviceDefinition, type TicketMaker } from './ticket-maker.ts';

export interface Recovered {
  /** Runs that were under way and have come to their end as `lost`. */
  readonly lost: number;
  /** Runs that were under way and are tried again. */
  readonly retrying: number;
  readonly waiting: number;
}

interface RecoverOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly reactions: Reactions;
  readonly tickets: TicketMaker;
}

/**
 * Takes up what an earlier life of the daemon left unfinished. A run that was under way may have
 * done its work or not: it is lost, and tried again as its next attempt where its policy allows.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { backend, dispatcher, tickets } = options;
  const step = emptyStep();
  const counts = { lost: 0, retrying: 0, waiting: 0 };
  await restoreFailing(options);
  for (const run of await backend.unfinishedRuns()) {
    const ticket = tickets.restored(run, await definitionOf(run, backend));
    if (run.state === 'waiting') {
      counts.waiting += 1;
      dispatcher.restoreWaiting(ticket);
    } else if (run.state === 'retrying') {
      counts.waiting += 1;
      dispatcher.restoreRetrying(ticket);
    } else if (takeUpLost(ticket, options, step)) counts.retrying += 1;
    else counts.lost += 1;
  }
  dispatcher.commit(step);
  return counts;
}

async function restoreFailing({ backend, reactions }: RecoverOptions): Promise<void> {
  for (const run of await backend.latestRuns()) {
    const hasFailed = run.state === 'failed' || run.state === 'timed-out' || run.state === 'lost';
    if (hasFailed && run.job !== undefined) reactions.restoreFailing(run.job);
  }
}

async function definitionOf(run: RunRecord, backend: Backend): Promise<RunDefinition> {
  const stored =
    run.definition === undefined ? undefined : await backend.definition(run.definition);
  // The ledger holds only what `TicketMaker.store` put there under this key.
  if (stored) return stored as unknown as RunDefinition;
  return { ...serviceDefinition(run.service, 3_600_000), name: run.job ?? run.service };
}

/** Whether another attempt follows. The outage was delay enough: it is due at once. */
function takeUpLost(ticket: Ticket, options: RecoverOptions, step: Step): boolean {
  const { run, definition } = ticket;
  const now = options.clock.now();
  const end = { outcome: 'lost', attempt: run.attempt, afterMs: 0 } as const;
  const error = {
    name: 'Error',
    code: 'JOBSD_HOST_DIED',
    message: 'The daemon ended while the run was under way.',
  };
  const isRetried = decideRetry(definition.retry, end, 0).kind === 'retry';
  const fields = isRetried
    ? ({ state: 'retrying', retryAt: now, error } as const)
    : ({ state: 'lost', endedAt: now, error } as const);
  step.changes.push({ kind: 'update', id: run.id, ifAttempt: run.attempt, fields });
  const record: RunRecord = { ...run, ...fields };
  if (isRetried) options.dispatcher.restoreRetrying({ ...ticket, run: record });
  else {
    step.ended.push(record);
    options.dispatcher.react(definition, record, step);
  }
  return isRetried;
}
