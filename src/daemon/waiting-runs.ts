import type { Clock } from '../clock/clock.ts';
import type { Occupancy } from '../dispatch/occupancy.ts';
import type { RunId, RunRecord } from '../dispatch/run.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { WaitingQueue } from '../dispatch/waiting-queue.ts';
import type { Step } from './step.ts';

export interface WaitingRunsOptions {
  readonly clock: Clock;
  readonly queue: WaitingQueue;
  readonly occupancy: Occupancy;
  /** Offers what the job's `on` asks for at the end of this run. */
  readonly react: (definition: RunDefinition, run: RunRecord, step: Step) => void;
}

/** Into the queue, and out of it without having started. */
export class WaitingRuns {
  private readonly options: WaitingRunsOptions;

  constructor(options: WaitingRunsOptions) {
    this.options = options;
  }

  /** It waits for all who look, although it can start only after the commit. */
  announce(ticket: Ticket, step: Step): void {
    const { occupancy, queue } = this.options;
    occupancy.wait(ticket);
    queue.announce(ticket);
    step.queued.push(ticket);
  }

  /** The commit is done: it may start, unless its record was there before. */
  admit(ticket: Ticket, isDropped: boolean): void {
    const { occupancy, queue } = this.options;
    if (!isDropped) queue.admit(ticket);
    else if (queue.withdraw(ticket)) occupancy.waitNoMore(ticket);
  }

  /** All that wait of this job. */
  skipOfJob(job: string, reason: string, step: Step): void {
    const { occupancy, queue } = this.options;
    if (occupancy.situation(job).waiting === 0) return;
    for (const ticket of queue.remove((waiting) => waiting.definition.name === job)) {
      this.end(ticket, { state: 'skipped', reason }, step);
    }
  }

  /** False when it does not wait. */
  cancel(id: RunId, reason: string, step: Step): boolean {
    const { queue } = this.options;
    if (!queue.has(id)) return false;
    const [ticket] = queue.remove((waiting) => waiting.run.id === id);
    if (ticket) this.end(ticket, { state: 'cancelled', reason }, step);
    return ticket !== undefined;
  }

  private end(ticket: Ticket, end: Pick<RunRecord, 'state' | 'reason'>, step: Step): void {
    const { clock, occupancy, queue, react } = this.options;
    const { definition, run } = ticket;
    occupancy.waitNoMore(ticket);
    // It may have been the one of its job whose turn it was.
    if (occupancy.active(definition.name) === 0) queue.unparkFirst(`job:${definition.name}`);
    const fields = { ...end, endedAt: clock.now() };
    step.changes.push({ kind: 'update', id: run.id, ifAttempt: run.attempt, fields });
    const ended = { ...run, ...fields };
    step.ended.push(ended);
    react(definition, ended, step);
  }
}
