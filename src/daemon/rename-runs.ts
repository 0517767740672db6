import type { Change } from '../backend/backend.ts';
import type { Backlog } from '../dispatch/backlog.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { Dispatcher } from './dispatcher.ts';

/**
 * The runs of a renamed job count under its new name from now on, or its overlap policy would not
 * see them. Changed in place: steps that are being written refer to these very tickets.
 */
export function renameRuns(
  { active, queue, unjudged, occupancy, reactions }: Dispatcher,
  { from, to }: { from: string; to: string },
  changes: Change[],
): void {
  changes.push({ kind: 'rename-job', from, to });
  for (const id of active.ofJob(from)) {
    const run = active.get(id);
    if (!run) continue;
    occupancy.leave(from);
    occupancy.enter(to);
    if (run.isRunning) rename(run.ticket, to);
    else moveBehind(occupancy.backlog, run.ticket, to);
  }
  for (const ticket of [...queue.all()]) {
    if (ticket.definition.name !== from) continue;
    occupancy.waitNoMore(ticket);
    rename(ticket, to);
    occupancy.wait(ticket);
  }
  for (const ticket of unjudged.ofJob(from)) {
    unjudged.delete(ticket);
    rename(ticket, to);
    unjudged.add(ticket);
  }
  queue.unparkAll(`job:${from}`);
  reactions.failing.rename(from, to, changes);
}

function moveBehind(backlog: Backlog, ticket: Ticket, to: string): void {
  backlog.remove(ticket);
  rename(ticket, to);
  backlog.add(ticket);
}

function rename(ticket: Ticket, name: string): void {
  const definition = { ...ticket.definition, name };
  Object.assign(ticket, { definition, run: { ...ticket.run, job: name } });
}
