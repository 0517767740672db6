import type { DatabaseSync } from 'node:sqlite';
import { type Batch, type BatchResult, StepCode } from './batch.ts';
import { BatchCursor } from './batch-cursor.ts';
import { checksumOf } from './checksum.ts';
import { JobStateWriter } from './job-state-writer.ts';
import { KeyValueWriter } from './key-value-writer.ts';
import { RunWriter } from './run-writer.ts';
import { StatementCache } from './statement-cache.ts';

type Answers = Map<number, boolean | number | string>;

/** Carries out the steps of batches, each batch in one transaction. */
export class BatchWriter {
  private readonly db: DatabaseSync;
  private readonly statements: StatementCache;
  private readonly runs: RunWriter;
  private readonly jobStates: JobStateWriter;
  private readonly keyValues: KeyValueWriter;
  // Texts of batches that failed: later batches already use their numbers.
  private pendingTexts: (readonly [number, string])[] = [];
  private failed: { readonly epoch: number; readonly error: unknown } | undefined;
  private dropped: number[] = [];
  private answers: Answers = new Map();

  constructor(db: DatabaseSync) {
    this.db = db;
    this.statements = new StatementCache(db);
    this.runs = new RunWriter(db, this.statements);
    this.jobStates = new JobStateWriter(this.statements);
    this.keyValues = new KeyValueWriter(db);
  }

  /**
   * All steps of the batch, durable when this returns; or none of them, throwing SQLite's error, and
   * then the same for every later batch of its epoch.
   */
  write(batch: Batch): BatchResult {
    for (const text of batch.texts) this.pendingTexts.push(text);
    if (batch.epoch === this.failed?.epoch) throw this.failed.error;
    this.dropped = [];
    this.answers = new Map();
    try {
      this.db.exec('BEGIN IMMEDIATE');
      this.writeTexts();
      this.writeSteps(batch);
      this.runs.noteNewJobs();
      this.db.exec('COMMIT');
    } catch (error) {
      this.failed = { epoch: batch.epoch, error };
      // On a full disk SQLite has often rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.runs.forget();
      throw error;
    }
    this.pendingTexts = [];
    return { dropped: this.dropped, answers: this.answers };
  }

  private writeTexts(): void {
    if (this.pendingTexts.length === 0) return;
    const insert = this.statements.get('INSERT INTO texts (key, text, checksum) VALUES (?, ?, ?)');
    for (const [key, text] of this.pendingTexts) insert.run(key, text, checksumOf([key, text]));
  }

  private writeSteps(batch: Batch): void {
    const cursor = new BatchCursor(batch);
    let step = 0;
    const tellDropped = (index: number): void => {
      this.dropped.push(step + index);
    };
    while (!cursor.isAtEnd) {
      const code = cursor.peek();
      if (code === StepCode.record) {
        step += this.runs.insert(cursor, tellDropped);
      } else if (code === StepCode.jobState) {
        step += this.jobStates.set(cursor);
      } else {
        this.writeStep(cursor, step, batch.now);
        step += 1;
      }
    }
  }

  private writeStep(cursor: BatchCursor, step: number, now: number): void {
    if (cursor.peek() === StepCode.update) return this.runs.update(cursor);
    const code = cursor.next();
    switch (code) {
      case StepCode.forgetJob:
        this.statements.get('DELETE FROM job_states WHERE job = ?').run(cursor.next());
        return;
      case StepCode.renameJob:
        return this.runs.rename(cursor.next(), cursor.next());
      case StepCode.definition:
        return this.writeDefinition(cursor.next(), cursor.nextString());
      case StepCode.log:
        return this.writeLog(cursor.next(), cursor.nextSlot(), cursor.nextString());
      case StepCode.set:
        return this.keyValues.set(nextKey(cursor), cursor.nextString() ?? '', cursor.nextOrNull());
      case StepCode.delete:
        this.answers.set(step, this.keyValues.delete(nextKey(cursor), now));
        return;
      case StepCode.increment:
        this.answers.set(step, this.keyValues.increment(nextKey(cursor), cursor.next(), now));
        return;
      default:
        throw new RangeError(`Step ${code} is not known.`);
    }
  }

  private writeDefinition(key: number, json: string | null): void {
    this.statements
      .get('INSERT OR IGNORE INTO definitions VALUES (?, ?, ?)')
      .run(key, json, checksumOf([key, json]));
  }

  private writeLog(owner: number, slot: number | string, lines: string | null): void {
    this.statements
      .get('INSERT INTO logs (run, lines) SELECT seq, ? FROM runs WHERE slot = ? AND owner = ?')
      .run(lines, slot, owner);
  }
}

function nextKey(cursor: BatchCursor): string {
  return cursor.nextString() ?? '';
}
