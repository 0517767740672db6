import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import { decideRetry } from '../dispatch/decide-retry.ts';
import type { RunRecord, RunState } from '../dispatch/run.ts';
import type { RunDefinition, StoredDefinition } from '../dispatch/run-definition.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { Dispatcher } from './dispatcher.ts';
import { restoreRates } from './rate-states.ts';
import type { Reactions } from './reactions.ts';
import { emptyStep, type Step } from './step.ts';
import {
  defaultServiceTimeoutMs,
  nameOfService,
  serviceDefinition,
  type TicketMaker,
} from './ticket-maker.ts';
import { isUnjudged } from './unjudged-runs.ts';
import { isUnproved, proveMissed } from './unproved-stretch.ts';

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
  const step = emptyStep();
  await options.reactions.failing.restore(options.backend, step.changes);
  await restoreRates(options, options.dispatcher.occupancy, step.changes);
  const tickets = await readTickets(options);
  // From here on nothing waits: a retry that is due at once must find everybody in their places.
  const of = (state: RunState) => tickets.filter(({ run }) => run.state === state);
  const unproved = of('waiting').filter(({ run }) => isUnproved(run));
  const unjudged = of('waiting').filter(({ run }) => isUnjudged(run));
  const waiting = of('waiting').filter(({ run }) => !isUnproved(run) && !isUnjudged(run));
  const retrying = of('retrying');
  for (const ticket of waiting) options.dispatcher.restoreWaiting(ticket);
  for (const ticket of retrying) options.dispatcher.restoreRetrying(ticket);
  const running = of('running');
  const ended = takeUpLost(running, options, step);
  for (const ticket of unjudged) judgeAnew(ticket, options, step);
  const missed = unproved.map((ticket) => endMissed(ticket, options, step));
  for (const { definition, run } of [...ended, ...missed]) {
    options.dispatcher.react(definition, run, step);
  }
  options.dispatcher.commit(step);
  return {
    lost: ended.length,
    retrying: running.length - ended.length,
    waiting: waiting.length + retrying.length + unjudged.length,
  };
}

async function readTickets({ backend, tickets }: RecoverOptions): Promise<Ticket[]> {
  const runs = await backend.unfinishedRuns();
  // Thousands may wait, and most share their policies.
  const keys = new Set(runs.flatMap(({ definition }) => definition ?? []));
  const policies = new Map<string, StoredDefinition | undefined>();
  for (const key of keys) policies.set(key, await policiesOf(key, backend));
  return runs.map((run) =>
    tickets.restored(run, definitionWith(run, policies.get(run.definition ?? ''))),
  );
}

/** The definition a run was made with, or what comes nearest when the ledger no longer has it. */
export async function definitionOf(run: RunRecord, backend: Backend): Promise<RunDefinition> {
  const { definition: key } = run;
  return definitionWith(run, key === undefined ? undefined : await policiesOf(key, backend));
}

/** The ledger holds only what `TicketMaker.store` put there under this key. */
async function policiesOf(key: string, backend: Backend): Promise<StoredDefinition | undefined> {
  return (await backend.definition(key)) as unknown as StoredDefinition | undefined;
}

function definitionWith(run: RunRecord, policies: StoredDefinition | undefined): RunDefinition {
  const { service, job = nameOfService(service), place = '' } = run;
  // What an older jobsd did not keep is as it is without a job.
  const least = serviceDefinition(service, defaultServiceTimeoutMs);
  const retry = { ...least.retry, ...policies?.retry };
  return { ...least, ...policies, retry, name: job, service, place };
}

/**
 * What is tried again takes its place before the ends of the others set anything off, and all of them
 * are over before the end of one sets off a run that another would be in the way of.
 */
function takeUpLost(tickets: readonly Ticket[], options: RecoverOptions, step: Step): Ticket[] {
  const ended = tickets.filter((ticket) => !retryLost(ticket, options, step));
  return ended.map((ticket) => ({ ...ticket, run: endLost(ticket, options, step) }));
}

/** Its record was there, and nobody had come to judge it: before whatever is set off now. */
function judgeAnew(ticket: Ticket, { dispatcher }: RecoverOptions, step: Step): void {
  const { reason: _, ...run } = ticket.run;
  dispatcher.judgeRecorded({ ...ticket, run }, step);
}

/** Its record was new, or it would not wait: what it sets off is set off now. */
function endMissed(ticket: Ticket, { clock }: RecoverOptions, { changes }: Step): Ticket {
  return { ...ticket, run: proveMissed(ticket.run, clock.now(), changes) };
}

/** Whether another attempt follows. The outage was delay enough: it is due at once. */
function retryLost(ticket: Ticket, { clock, dispatcher }: RecoverOptions, step: Step): boolean {
  const { run, definition } = ticket;
  if (isCancelled(run)) return false;
  const end = { outcome: 'lost', attempt: run.attempt, afterMs: 0 } as const;
  if (decideRetry(definition.retry, end, 0).kind === 'end') return false;
  const fields = { state: 'retrying', retryAt: clock.now(), error: lostError } as const;
  step.changes.push({ kind: 'update', id: run.id, ifAttempt: run.attempt, fields });
  dispatcher.restoreRetrying({ ...ticket, run: { ...run, ...fields } });
  return true;
}

function endLost({ run }: Ticket, { clock }: RecoverOptions, step: Step): RunRecord {
  const state = isCancelled(run) ? 'cancelled' : 'lost';
  const fields = { state, endedAt: clock.now(), error: lostError } as const;
  step.changes.push({ kind: 'update', id: run.id, ifAttempt: run.attempt, fields });
  const record: RunRecord = { ...run, ...fields };
  step.ended.push(record);
  return record;
}

/** Only a run that is to end has a reason while it runs. */
const isCancelled = ({ reason }: RunRecord) => reason !== undefined;

const lostError = {
  name: 'Error',
  code: 'JOBSD_HOST_DIED',
  message: 'The daemon ended while the run was under way.',
} as const;
