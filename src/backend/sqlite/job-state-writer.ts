import type { BatchCursor } from './batch-cursor.ts';
import { type Cell, checksumOf } from './checksum.ts';
import { rowsAtOnce, type StatementCache } from './statement-cache.ts';

// Its code, five numbers and the index of the pause's text.
const stepLength = 7;

/** Carries out the steps that set states of jobs. */
export class JobStateWriter {
  private readonly statements: StatementCache;
  private readonly cells: Cell[] = [];

  constructor(statements: StatementCache) {
    this.statements = statements;
  }

  /** Sets the state at the cursor, or several when as many follow. Gives how many. */
  set(cursor: BatchCursor): number {
    const count = cursor.areAlike(rowsAtOnce, stepLength, 0) ? rowsAtOnce : 1;
    this.cells.length = 0;
    for (let index = 0; index < count; index += 1) this.readRow(cursor);
    this.statements.get(count === 1 ? setOne : setMany).run(...this.cells);
    return count;
  }

  private readRow(cursor: BatchCursor): void {
    cursor.next();
    const row: Cell[] = [cursor.next(), cursor.next(), cursor.next(), cursor.next(), cursor.next()];
    row.push(cursor.nextString());
    this.cells.push(...row, checksumOf(row));
  }
}

const setOne = upsert(1);
const setMany = upsert(rowsAtOnce);

function upsert(rows: number): string {
  const values = Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?)').join(', ');
  return `INSERT INTO job_states VALUES ${values} ON CONFLICT (job) DO UPDATE SET
    schedule_key = excluded.schedule_key, anchor_at = excluded.anchor_at,
    cursor_at = excluded.cursor_at, occurrences = excluded.occurrences,
    paused = excluded.paused, checksum = excluded.checksum`;
}
