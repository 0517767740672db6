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
  /** To be done when the record of this id was there before. */
  whenDropped?: Map<RunId, () => void>;
}

export function emptyStep(): Step {
  return { changes: [], started: [], queued: [], ended: [] };
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
