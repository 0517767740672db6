import type { RunId, RunRecord } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { Step } from './step.ts';

// So the record says while it waits for that: after a crash it is judged, and does not wait on.
const unjudged = 'unjudged';

/** Runs whose records are being written, each to be judged once its record has proved new. */
export class UnjudgedRuns {
  private readonly tickets = new Map<RunId, Ticket>();
  private readonly counts = new Map<string, number>();

  has(id: RunId): boolean {
    return this.tickets.has(id);
  }

  /** Whether any of them is of this job. */
  hasOf(job: string): boolean {
    return this.counts.has(job);
  }

  ofJob(job: string): Ticket[] {
    if (!this.hasOf(job)) return [];
    return [...this.tickets.values()].filter(({ definition }) => definition.name === job);
  }

  record(ticket: Ticket, step: Step): void {
    step.changes.push({ kind: 'record', run: { ...ticket.run, reason: unjudged } });
    step.unjudged ??= [];
    step.unjudged.push(ticket);
    this.add(ticket);
  }

  add(ticket: Ticket): void {
    const { run, definition } = ticket;
    this.tickets.set(run.id, ticket);
    this.counts.set(definition.name, (this.counts.get(definition.name) ?? 0) + 1);
  }

  delete({ run, definition }: Ticket): void {
    if (!this.tickets.delete(run.id)) return;
    const left = (this.counts.get(definition.name) ?? 0) - 1;
    if (left > 0) this.counts.set(definition.name, left);
    else this.counts.delete(definition.name);
  }
}

/** Whether a crash came between its record and its judgement. */
export function isUnjudged({ state, reason }: RunRecord): boolean {
  return state === 'waiting' && reason === unjudged;
}
