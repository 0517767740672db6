import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { lastUnfinishedCode, stateCodes } from './columns.ts';

/** What retention wants, as in `PruneOptions`. */
export interface Retention {
  readonly before: number;
  readonly keep: number;
}

export interface PruneSlice {
  /** Sequence numbers of records that may go. */
  readonly seqs: readonly number[];
  /** Only when the scan is complete: definitions that no record which stays refers to. */
  readonly unusedDefinitions?: readonly number[];
}

// About 20 ms of work, so that a page asked for meanwhile does not wait for the whole scan.
const rowsInSlice = 32_768;

/**
 * Looks through the whole ledger for what retention no longer wants, from the newest record down, a
 * slice at each call.
 */
export class PruneScan {
  private readonly rows: StatementSync;
  private readonly definitions: StatementSync;
  private readonly cursor: StatementSync;
  private readonly retention: Retention;
  private readonly counts = new Map<string, number>();
  private readonly referred = new Set<number>();
  private readonly lowest: number;
  private below: number;

  constructor(db: DatabaseSync, retention: Retention) {
    this.retention = retention;
    this.rows = db.prepare(
      `SELECT seq, state, coalesce(ended_at, planned_at), job, service, definition, last_nominal_at
       FROM runs WHERE seq >= ? AND seq < ? ORDER BY seq DESC`,
    );
    this.definitions = db.prepare('SELECT key FROM definitions');
    this.cursor = db.prepare('SELECT cursor_at FROM job_states WHERE job = ?');
    for (const statement of [this.rows, this.definitions]) statement.setReturnArrays(true);
    const bounds = db.prepare('SELECT min(seq) AS lowest, max(seq) AS highest FROM runs').get();
    this.lowest = Number(bounds?.lowest ?? 0);
    this.below = Number(bounds?.highest ?? -1) + 1;
  }

  next(): PruneSlice {
    const from = this.below - rowsInSlice;
    const seqs: number[] = [];
    for (const row of this.rows.iterate(from, this.below)) {
      const cells = row as unknown as readonly (number | null)[];
      if (this.mayGo(cells)) seqs.push(cells[0] as number);
      else this.referred.add(cells[5] as number);
    }
    this.below = from;
    if (from > this.lowest) return { seqs };
    return { seqs, unusedDefinitions: this.unusedDefinitions() };
  }

  private mayGo(cells: readonly (number | null)[]): boolean {
    const [, state, age, job = null, service] = cells;
    const owner = job === null ? `s${service}` : `j${job}`;
    const count = (this.counts.get(owner) ?? 0) + 1;
    this.counts.set(owner, count);
    if ((state as number) <= lastUnfinishedCode) return false;
    const isWanted = count <= this.retention.keep && (age as number) >= this.retention.before;
    return !isWanted && !this.mayGrow(cells);
  }

  private mayGrow(cells: readonly (number | null)[]): boolean {
    const [, state, , job = null, , , lastNominalAt = null] = cells;
    if (state !== stateCodes.skipped || lastNominalAt === null) return false;
    const cursorAt = this.cursor.get(job)?.cursor_at as number | undefined;
    return cursorAt !== undefined && lastNominalAt >= cursorAt;
  }

  private unusedDefinitions(): number[] {
    return (this.definitions.all() as unknown as number[][])
      .map(([key]) => key as number)
      .filter((key) => !this.referred.has(key));
  }
}
