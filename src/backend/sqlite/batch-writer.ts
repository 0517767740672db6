import type { DatabaseSync } from 'node:sqlite';
import { type Batch, type BatchResult, StepCode } from './batch.ts';
import { type Cell, checksumOf } from './checksum.ts';
import { lastUnfinishedCode } from './columns.ts';
import { KeyValueWriter } from './key-value-writer.ts';
import { RunChecksums } from './run-checksums.ts';
import { type ColumnSet, StatementCache } from './statement-cache.ts';

/** Carries out the steps of batches, each batch in one transaction. */
export class BatchWriter {
  private readonly db: DatabaseSync;
  private readonly statements: StatementCache;
  private readonly checksums: RunChecksums;
  private readonly keyValues: KeyValueWriter;
  private nextSeq: number;
  // Texts of a batch that failed: later batches already use their numbers.
  private pendingTexts: (readonly [number, string])[] = [];

  private failed: { readonly epoch: number; readonly error: unknown } | undefined;

  // The batch under way, and how far it has been read.
  private batch: Batch = { numbers: new Float64Array(), strings: [], texts: [], now: 0, epoch: 0 };
  private at = 0;
  private step = 0;
  private dropped: number[] = [];
  private answers = new Map<number, boolean | number | string>();
  // One array for the values of any step: a new one for each costs a tenth of the throughput.
  private readonly cells: Cell[] = [];

  constructor(db: DatabaseSync) {
    this.db = db;
    this.statements = new StatementCache(db);
    this.checksums = new RunChecksums(db);
    this.keyValues = new KeyValueWriter(db);
    this.nextSeq = nextFreeSeq(db);
  }

  /**
   * All steps of the batch, durable when this returns; or none of them, throwing SQLite's error, and
   * then the same for every later batch of its epoch.
   */
  write(batch: Batch): BatchResult {
    this.begin(batch);
    if (batch.epoch === this.failed?.epoch) throw this.failed.error;
    const seqBefore = this.nextSeq;
    try {
      this.db.exec('BEGIN IMMEDIATE');
      this.writeTexts();
      for (; this.at < batch.numbers.length; this.step += 1) this.writeStep();
      this.db.exec('COMMIT');
    } catch (error) {
      this.failed = { epoch: batch.epoch, error };
      this.nextSeq = seqBefore;
      // On a full disk SQLite has often rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
    this.pendingTexts = [];
    return { dropped: this.dropped, answers: this.answers };
  }

  private begin(batch: Batch): void {
    this.batch = batch;
    this.at = 0;
    this.step = 0;
    this.dropped = [];
    this.answers = new Map();
    for (const text of batch.texts) this.pendingTexts.push(text);
  }

  private writeTexts(): void {
    if (this.pendingTexts.length === 0) return;
    const insert = this.statements.get('INSERT INTO texts (key, text, checksum) VALUES (?, ?, ?)');
    for (const [key, text] of this.pendingTexts) insert.run(key, text, checksumOf([key, text]));
  }

  private writeStep(): void {
    const code = this.next();
    switch (code) {
      case StepCode.record:
        return this.writeRecord();
      case StepCode.update:
        return this.writeUpdate();
      case StepCode.jobState:
        return this.writeJobState();
      case StepCode.forgetJob:
        this.statements.get('DELETE FROM job_states WHERE job = ?').run(this.next());
        return;
      case StepCode.renameJob:
        return this.renameJob(this.next(), this.next());
      case StepCode.definition:
        return this.writeDefinition();
      case StepCode.log:
        return this.writeLog();
      default:
        return this.writeKeyValue(code);
    }
  }

  private writeRecord(): void {
    const { cells } = this;
    const owner = this.next();
    const slot = this.nextSlot();
    const mask = this.next();
    const columns = this.statements.columns(mask);
    this.readFields(columns);
    const isUnfinished = (cells[columns.stateAt] as number) <= lastUnfinishedCode;
    const checksum = isUnfinished ? this.checksums.ofNewRow(owner, slot, mask, cells) : null;
    cells.push(this.nextSeq, owner, slot, checksum);
    if (columns.insert().run(...cells).changes === 0) this.dropped.push(this.step);
    else this.nextSeq += 1;
  }

  private writeUpdate(): void {
    const { cells } = this;
    const owner = this.next();
    const slot = this.nextSlot();
    const ifAttempt = this.next();
    const mask = this.next();
    if (mask === 0) return;
    const columns = this.statements.columns(mask);
    this.readFields(columns);
    const state = columns.stateAt === -1 ? 0 : (cells[columns.stateAt] as number);
    cells.push(slot, owner);
    const isConditional = !Number.isNaN(ifAttempt);
    if (isConditional) cells.push(ifAttempt);
    const statement = isConditional ? columns.updateAttempt() : columns.update();
    const { changes } = statement.run(...cells);
    // Finished records are only ever shown, so the common case goes without.
    if (changes !== 0 && state <= lastUnfinishedCode) this.checksums.renew(owner, slot);
  }

  private writeJobState(): void {
    const { cells } = this;
    cells.length = 0;
    for (let count = 0; count < 5; count += 1) cells.push(this.next());
    cells.push(this.nextString());
    cells.push(checksumOf(cells));
    this.statements
      .get(`INSERT INTO job_states VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job) DO UPDATE SET
        schedule_key = excluded.schedule_key, anchor_at = excluded.anchor_at,
        cursor_at = excluded.cursor_at, occurrences = excluded.occurrences,
        paused = excluded.paused, checksum = excluded.checksum`)
      .run(...cells);
  }

  private renameJob(from: number, to: number): void {
    this.statements.get('UPDATE runs SET job = ? WHERE job = ?').run(to, from);
    this.checksums.renewUnfinishedOf(to);
  }

  private writeDefinition(): void {
    const key = this.next();
    const json = this.nextString();
    this.statements
      .get('INSERT OR IGNORE INTO definitions VALUES (?, ?, ?)')
      .run(key, json, checksumOf([key, json]));
  }

  private writeLog(): void {
    const owner = this.next();
    const slot = this.nextSlot();
    this.statements
      .get('INSERT INTO logs (run, lines) SELECT seq, ? FROM runs WHERE slot = ? AND owner = ?')
      .run(this.nextString(), slot, owner);
  }

  private writeKeyValue(code: number): void {
    const key = this.nextString() ?? '';
    switch (code) {
      case StepCode.set:
        return this.keyValues.set(key, this.nextString() ?? '', nullIfNone(this.next()));
      case StepCode.delete:
        this.answers.set(this.step, this.keyValues.delete(key, this.batch.now));
        return;
      case StepCode.increment:
        this.answers.set(this.step, this.keyValues.increment(key, this.next(), this.batch.now));
        return;
      default:
        throw new RangeError(`Step ${code} is not known.`);
    }
  }

  private readFields({ kinds }: ColumnSet): void {
    this.cells.length = 0;
    for (const kind of kinds) {
      const isText = kind === 'text' || kind === 'json';
      this.cells.push(isText ? this.nextString() : nullIfNone(this.next()));
    }
  }

  private next(): number {
    return this.batch.numbers[this.at++] as number;
  }

  private nextString(): string | null {
    const index = this.next();
    return Number.isNaN(index) ? null : (this.batch.strings[index] as string);
  }

  private nextSlot(): number | string {
    const slot = this.next();
    return slot >= 0 ? slot : (this.batch.strings[-slot - 1] as string);
  }
}

function nextFreeSeq(db: DatabaseSync): number {
  const row = db.prepare('SELECT max(seq) AS seq FROM runs').get();
  return Number(row?.seq ?? 0) + 1;
}

function nullIfNone(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
