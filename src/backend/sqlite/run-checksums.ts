import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Cell, runChecksumOf } from './checksum.ts';
import { lastUnfinishedCode, runColumns } from './columns.ts';

const columnList = runColumns.map(({ name }) => name).join(', ');

/** Checksums of rows of `runs`: right for every unfinished one, without meaning for the others. */
export class RunChecksums {
  private readonly read: StatementSync;
  private readonly readUnfinished: StatementSync;
  private readonly write: StatementSync;
  private readonly row: Cell[] = [];

  constructor(db: DatabaseSync) {
    this.read = db.prepare(
      `SELECT seq, owner, slot, ${columnList} FROM runs WHERE slot = ? AND owner = ?`,
    );
    this.readUnfinished = db.prepare(
      `SELECT seq, owner, slot, ${columnList} FROM runs WHERE job = ? AND state <= ${lastUnfinishedCode}`,
    );
    this.write = db.prepare('UPDATE runs SET checksum = ? WHERE seq = ?');
    for (const statement of [this.read, this.readUnfinished]) statement.setReturnArrays(true);
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

  /** Makes the checksum of a changed row right again. */
  renew(owner: number, slot: number | string): void {
    this.store(this.read.get(slot, owner) as unknown as Cell[] | undefined);
  }

  renewUnfinishedOf(job: number): void {
    for (const row of this.readUnfinished.all(job) as unknown as Cell[][]) this.store(row);
  }

  private store(row: Cell[] | undefined): void {
    if (row === undefined) return;
    const [seq = null, ...cells] = row;
    this.write.run(runChecksumOf(cells), seq);
  }
}
