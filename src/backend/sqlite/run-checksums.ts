import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Cell, runChecksumOf } from './checksum.ts';
import { lastUnfinishedCode, runColumns } from './columns.ts';

/**
 * The checksum of a row as SQL, where `values` gives what columns are set to by the same statement:
 * worked out inside it, which costs half of reading the row and writing its checksum afterwards.
 */
export function checksumSql(values: ReadonlyMap<string, string> = new Map()): string {
  const columns = runColumns.map(({ name }) => values.get(name) ?? name);
  return `run_checksum(owner, slot, ${columns.join(', ')})`;
}

/** Checksums of rows of `runs`: right for every unfinished one, without meaning for the others. */
export class RunChecksums {
  private readonly renewOfJob: StatementSync;
  private readonly row: Cell[] = [];

  constructor(db: DatabaseSync) {
    const options = { varargs: true, deterministic: true, directOnly: true };
    db.function('run_checksum', options, (...cells) => runChecksumOf(cells as Cell[]));
    this.renewOfJob = db.prepare(
      `UPDATE runs SET checksum = ${checksumSql()} WHERE job = ? AND state <= ${lastUnfinishedCode}`,
    );
  }

  /** Of a row that has only the mask's columns, their values in order at `from`. */
  ofNewRow(
    owner: number,
    slot: number | string,
    mask: number,
    cells: readonly Cell[],
    from: number,
  ): number {
    const { row } = this;
    row.length = 0;
    row.push(owner, slot);
    let next = from;
    for (let index = 0; index < runColumns.length; index += 1) {
      row.push((mask & (1 << index)) === 0 ? null : (cells[next++] as Cell));
    }
    return runChecksumOf(row);
  }

  /** Makes the checksums of a job's unfinished rows right again. */
  renewUnfinishedOf(job: number): void {
    this.renewOfJob.run(job);
  }
}
