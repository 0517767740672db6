import type { Change } from '../backend/backend.ts';
import type { JobDefinition, JsonValue, Snapshot } from '../config/snapshot.ts';
import type { DueReaction } from '../dispatch/reaction.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { Request, TicketMaker } from './ticket-maker.ts';

/** The run that a reaction asks for, and why it is not to start if so. */
export interface MadeReaction {
  readonly ticket: Ticket;
  readonly skipReason?: 'disabled' | 'job-removed';
}

/** Makes what follows the end of `cause`; the definition it refers to goes into `changes`. */
export function makeReaction(
  { snapshot, tickets }: { snapshot: Snapshot; tickets: TicketMaker },
  due: DueReaction,
  cause: RunRecord,
  changes: Change[],
): MadeReaction {
  const { job: jobName, service = '' } = due.target;
  const request: Request = { trigger: 'on-event', id: due.id, payload: context(due, cause) };
  if (jobName === undefined) {
    const declared = snapshot.services.get(service);
    return { ticket: tickets.ofService(service, declared, request, changes) };
  }
  const job = heirOf(snapshot, jobName);
  // The run that has ended keeps its `on`, and what that names may have been removed since.
  if (!job) {
    const ticket = tickets.ofRemovedJob(jobName, request, changes);
    return { ticket, skipReason: 'job-removed' };
  }
  const keyed = tickets.keyed(job);
  tickets.store(keyed, changes);
  const ticket = tickets.ofRequest(job, keyed, request);
  return job.enabled ? { ticket } : { ticket, skipReason: 'disabled' };
}

function heirOf({ jobs }: Snapshot, name: string): JobDefinition | undefined {
  return jobs.get(name) ?? [...jobs.values()].find(({ renamedFrom }) => renamedFrom === name);
}

/** What the reaction is told of its cause. */
function context({ event }: DueReaction, cause: RunRecord): JsonValue {
  return {
    event,
    job: cause.job ?? null,
    run: cause.id,
    state: cause.state,
    reason: cause.reason ?? null,
    nominal: cause.nominalAt === undefined ? null : new Date(cause.nominalAt).toISOString(),
    attempt: cause.attempt,
    error: cause.error ? { ...cause.error } : null,
  };
}
