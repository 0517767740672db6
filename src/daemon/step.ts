import type { Change } from '../backend/backend.ts';
import type { RunId, RunRecord } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';

/**
 * One step of the daemon: what it writes, and what follows once that is durable. The state machine
 * only ever adds to a step; nothing leaves the process before the step's commit.
 */
export interface Step {
  readonly changes: Change[];
  /** To be handed to an executor. */
  readonly started: Ticket[];
  /** To be put into the waiting queue. */
  readonly queued: Ticket[];
  /** Records that have come to their end. */
  readonly ended: RunRecord[];
  /** Recorded as waiting, and to be judged once it is sure that their records are new. */
  unjudged?: Ticket[];
  /** To be told whether the record of this id was there before. */
  whenKnown?: Map<RunId, (isDropped: boolean) => void>;
}

export function emptyStep(): Step {
  return { changes: [], started: [], queued: [], ended: [] };
}

/**
 * Puts the states of jobs behind all else, where their order among the rest says nothing: the store
 * writes several alike that follow one another at once, in a fifth less time.
 */
export function statesLast(step: Step): Step {
  const { changes } = step;
  const states: Change[] = [];
  let kept = 0;
  for (const change of changes) {
    if (change.kind === 'job-state') states.push(change);
    else changes[kept++] = change;
  }
  for (const state of states) changes[kept++] = state;
  return step;
}

/**
 * The ids that this step recorded in vain. A commit holds several steps: what one of them drops must
 * not stop a run of the same name that another goes on with.
 */
export function droppedOf({ changes }: Step, dropped: ReadonlySet<RunId>): ReadonlySet<RunId> {
  if (dropped.size === 0) return dropped;
  const own = changes.flatMap((change) => (change.kind === 'record' ? change.run.id : []));
  return dropped.intersection(new Set(own));
}

/** The record of this id is there already, unjudged: what was to be recorded is its new state. */
export function asUpdate(change: Change, id: RunId): Change {
  if (change.kind !== 'record' || change.run.id !== id) return change;
  const { id: _, ...fields } = change.run;
  return { kind: 'update', id, ifAttempt: 0, fields: { reason: undefined, ...fields } };
}
