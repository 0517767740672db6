import type { CancelTimer, Instant } from '../clock/clock.ts';
import type { RunId } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { RunEnd } from '../host/executor.ts';

/** A run under way: running, between two attempts, or on its way to a host. */
export interface ActiveRun {
  ticket: Ticket;
  isRunning: boolean;
  host?: string;
  cancelReason?: string;
  /** Stops the timer of the next attempt; only between two attempts. */
  cancelTimer?: CancelTimer | undefined;
}

/** The runs under way, by id. */
export class ActiveRuns {
  private readonly byId = new Map<RunId, ActiveRun>();

  get size(): number {
    return this.byId.size;
  }

  get(id: RunId): ActiveRun | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<ActiveRun> {
    return this.byId.values();
  }

  /** Goes through all of them: for what replaces runs, which is rare, and not worth an index. */
  ofJob(job: string): RunId[] {
    const ids: RunId[] = [];
    for (const [id, { ticket }] of this.byId) if (ticket.definition.name === job) ids.push(id);
    return ids;
  }

  /** Whether any of them is more than a plan: in a host, or on its way there. */
  hasRunning(): boolean {
    for (const active of this.byId.values()) if (active.isRunning) return true;
    return false;
  }

  add(ticket: Ticket, isRunning: boolean): ActiveRun {
    const active = { ticket, isRunning };
    this.byId.set(ticket.run.id, active);
    return active;
  }

  delete(ticket: Ticket): void {
    this.byId.delete(ticket.run.id);
  }
}

/** What the ledger says of a run at its end. */
export function endFields({ ticket, cancelReason, host }: ActiveRun, end: RunEnd, now: Instant) {
  return {
    state: end.outcome,
    endedAt: now,
    // Cancelled between two attempts.
    ...(ticket.run.retryAt === undefined ? {} : { retryAt: undefined }),
    ...(host === undefined ? {} : { host }),
    ...(end.result === undefined ? {} : { result: end.result }),
    error: end.outcome === 'succeeded' ? undefined : (end.error ?? ticket.run.error),
    ...(cancelReason === undefined ? {} : { reason: cancelReason }),
  };
}

/** What the ledger says of a run between two attempts. */
export function retryFields({ error }: RunEnd, retryAt: Instant) {
  return { state: 'retrying', retryAt, ...(error === undefined ? {} : { error }) } as const;
}
