import type { CancelTimer } from '../clock/clock.ts';
import type { RunId } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';

/** A run under way: running, between two attempts, or on its way to a host. */
export interface ActiveRun {
  ticket: Ticket;
  isRunning: boolean;
  host?: string;
  cancelReason?: string;
  /** Stops the timer of the next attempt; only between two attempts. */
  cancelTimer?: CancelTimer | undefined;
}

/** The runs under way, by id and by job. */
export class ActiveRuns {
  private readonly byId = new Map<RunId, ActiveRun>();
  private readonly idsByJob = new Map<string, Set<RunId>>();

  get size(): number {
    return this.byId.size;
  }

  get(id: RunId): ActiveRun | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<ActiveRun> {
    return this.byId.values();
  }

  ofJob(job: string): Iterable<RunId> {
    return this.idsByJob.get(job) ?? [];
  }

  /** Whether any of them is more than a plan: in a host, or on its way there. */
  hasRunning(): boolean {
    for (const active of this.byId.values()) if (active.isRunning) return true;
    return false;
  }

  add(ticket: Ticket, isRunning: boolean): void {
    const { id } = ticket.run;
    const job = ticket.definition.name;
    this.byId.set(id, { ticket, isRunning });
    const ids = this.idsByJob.get(job);
    if (ids) ids.add(id);
    else this.idsByJob.set(job, new Set([id]));
  }

  delete(ticket: Ticket): void {
    const { id } = ticket.run;
    const job = ticket.definition.name;
    this.byId.delete(id);
    const ids = this.idsByJob.get(job);
    ids?.delete(id);
    if (ids?.size === 0) this.idsByJob.delete(job);
  }
}
