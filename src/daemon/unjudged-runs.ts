import type { RunId } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';

/** Runs whose records are being written, each to be judged once its record has proved new. */
export class UnjudgedRuns {
  private readonly ids = new Set<RunId>();
  private readonly counts = new Map<string, number>();

  has(id: RunId): boolean {
    return this.ids.has(id);
  }

  /** Whether any of them is of this job. */
  hasOf(job: string): boolean {
    return this.counts.has(job);
  }

  add({ run, definition }: Ticket): void {
    this.ids.add(run.id);
    this.counts.set(definition.name, (this.counts.get(definition.name) ?? 0) + 1);
  }

  delete({ run, definition }: Ticket): void {
    if (!this.ids.delete(run.id)) return;
    const left = (this.counts.get(definition.name) ?? 0) - 1;
    if (left > 0) this.counts.set(definition.name, left);
    else this.counts.delete(definition.name);
  }
}
