import type { DatabaseSync } from 'node:sqlite';
import type { BatchCursor } from './batch-cursor.ts';
import type { Cell } from './checksum.ts';
import { columnIndex, lastUnfinishedCode } from './columns.ts';
import { RunChecksums } from './run-checksums.ts';
import { type ColumnSet, rowsAtOnce, type StatementCache } from './statement-cache.ts';

// In a record's step: its code, owner, slot and mask come before the values.
const maskOffset = 3;
// The job is the first of all columns, so it is the first of a row's cells.
const jobBit = 1 << columnIndex('job');
// Behind the columns of an inserted row: seq, owner, slot, checksum.
const keyCells = 4;

/** Carries out the steps that change records. */
export class RunWriter {
  private readonly statements: StatementCache;
  private readonly checksums: RunChecksums;
  // One array for the values of any step: a new one for each costs a tenth of the throughput.
  private readonly cells: Cell[] = [];
  private readonly seenJobs = new Set<Cell>();
  private newJobs: Cell[] = [];
  // Gaps do no harm: dropped records and rolled-back ones leave some.
  private nextSeq: number;

  constructor(db: DatabaseSync, statements: StatementCache) {
    this.statements = statements;
    this.checksums = new RunChecksums(db);
    const row = db.prepare('SELECT max(seq) AS seq FROM runs').get();
    this.nextSeq = Number(row?.seq ?? 0) + 1;
  }

  /** To be called when a transaction was rolled back: what was remembered of it never happened. */
  forget(): void {
    this.seenJobs.clear();
    this.newJobs = [];
  }

  /** To be called before a transaction is committed. One statement for all: a tenth of one for each. */
  noteNewJobs(): void {
    if (this.newJobs.length === 0) return;
    this.statements
      .get('INSERT OR IGNORE INTO jobs SELECT value FROM json_each(?)')
      .run(JSON.stringify(this.newJobs));
    this.newJobs = [];
  }

  /**
   * Inserts the record at the cursor, or several when as many alike follow: what a call of SQLite
   * costs besides its work is a fifth of an insert. Gives how many, and tells which were there.
   */
  insert(cursor: BatchCursor, tellDropped: (index: number) => void): number {
    const { cells } = this;
    const mask = cursor.peek(maskOffset);
    const columns = this.statements.columns(mask);
    const length = maskOffset + 1 + columns.kinds.length;
    const count = cursor.areAlike(rowsAtOnce, length, maskOffset) ? rowsAtOnce : 1;
    cells.length = 0;
    for (let index = 0; index < count; index += 1) this.readRow(cursor, mask, columns, index);
    const statement = count === 1 ? columns.insert() : columns.insertMany();
    const { changes } = statement.run(...cells);
    if (changes !== count) this.findDropped(count, tellDropped);
    this.nextSeq += count;
    return count;
  }

  update(cursor: BatchCursor): void {
    const { cells } = this;
    cursor.next();
    const owner = cursor.next();
    const slot = cursor.nextSlot();
    const ifAttempt = cursor.nextOrNull();
    const mask = cursor.next();
    if (mask === 0) return;
    const columns = this.statements.columns(mask);
    cells.length = 0;
    this.readFields(cursor, columns);
    if ((mask & jobBit) !== 0) this.noteJob(cells[0] ?? null);
    const state = columns.stateAt === -1 ? 0 : (cells[columns.stateAt] as number);
    cells.push(slot, owner);
    if (ifAttempt !== null) cells.push(ifAttempt);
    // Finished records are only ever shown, so the common case goes without a checksum.
    columns.update(ifAttempt !== null, state <= lastUnfinishedCode).run(...cells);
  }

  rename(from: number, to: number): void {
    this.noteJob(to);
    this.statements.get('UPDATE runs SET job = ? WHERE job = ?').run(to, from);
    this.checksums.renewUnfinishedOf(to);
  }

  private readRow(cursor: BatchCursor, mask: number, columns: ColumnSet, index: number): void {
    const { cells } = this;
    const from = cells.length;
    cursor.next();
    const owner = cursor.next();
    const slot = cursor.nextSlot();
    cursor.next();
    this.readFields(cursor, columns);
    if ((mask & jobBit) !== 0) this.noteJob(cells[from] ?? null);
    const isUnfinished = (cells[from + columns.stateAt] as number) <= lastUnfinishedCode;
    const checksum = isUnfinished ? this.checksums.ofNewRow(owner, slot, mask, cells, from) : null;
    cells.push(this.nextSeq + index, owner, slot, checksum);
  }

  private readFields(cursor: BatchCursor, { kinds }: ColumnSet): void {
    for (const kind of kinds) {
      const isText = kind === 'text' || kind === 'json';
      this.cells.push(isText ? cursor.nextString() : cursor.nextOrNull());
    }
  }

  private noteJob(job: Cell): void {
    if (job === null || this.seenJobs.has(job)) return;
    this.seenJobs.add(job);
    this.newJobs.push(job);
  }

  private findDropped(count: number, tellDropped: (index: number) => void): void {
    const read = this.statements.get('SELECT seq FROM runs WHERE slot = ? AND owner = ?');
    const width = this.cells.length / count;
    for (let index = 0; index < count; index += 1) {
      const keys = this.cells.slice((index + 1) * width - keyCells, (index + 1) * width);
      const [seq, owner = null, slot = null] = keys;
      if (read.get(slot, owner)?.seq !== seq) tellDropped(index);
    }
  }
}
