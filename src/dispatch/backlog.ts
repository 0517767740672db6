import type { Ticket } from './ticket.ts';

/** Why there is no room for one more in the backlog. */
export type BacklogLimit = 'of-one' | 'of-all' | 'payloads';

/**
 * Runs of one job, or of one service asked for without a job, that may be behind at once: waiting,
 * between two attempts, or waiting for a run they asked for themselves. As many as the largest
 * `catchUp.limit`, which is a promise.
 */
export const mostOfOne = 10_000;
/** All of them together. A waiting run is about 400 bytes of memory, and a row of the ledger. */
export const mostOfAll = 1_000_000;
/** The payloads of all of them together, in characters. */
export const mostPayload = 256 * 1024 * 1024;

/** The runs that have been taken on and are not being worked at, by job. It bounds what may wait. */
export class Backlog {
  private readonly byName = new Map<string, { count: number }>();
  private count = 0;
  private payload = 0;

  add(ticket: Ticket): void {
    this.change(ticket, 1);
  }

  remove(ticket: Ticket): void {
    this.change(ticket, -1);
  }

  /**
   * What keeps one more of this name from waiting. One of each always may: who fills the backlog of
   * all keeps no other job from having its turn.
   */
  limitFor(name: string): BacklogLimit | undefined {
    const own = this.byName.get(name)?.count ?? 0;
    if (own === 0) return undefined;
    if (own >= mostOfOne) return 'of-one';
    if (this.count >= mostOfAll) return 'of-all';
    return this.payload >= mostPayload ? 'payloads' : undefined;
  }

  private change({ run, definition: { name } }: Ticket, by: 1 | -1): void {
    this.count += by;
    this.payload += by * (run.payload?.length ?? 0);
    const known = this.byName.get(name);
    if (known) known.count += by;
    else this.byName.set(name, { count: by });
  }
}
