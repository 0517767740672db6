import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JsonValue } from '../../config/snapshot.ts';
import type { LogLine, RunId, RunRecord } from '../../dispatch/run.ts';
import type { JobState, PauseState, RunPage, RunQuery } from '../backend.ts';
import type { Batch, BatchResult } from './batch.ts';
import { BatchWriter } from './batch-writer.ts';
import { checksumOf } from './checksum.ts';
import { DamagedState } from './damaged-state.ts';
import { PruneScan, type PruneSlice, type Retention } from './prune-scan.ts';
import { type Removal, remove } from './remover.ts';
import { RunReader } from './run-reader.ts';
import { parseJson } from './run-row.ts';
import { TextReader } from './text-reader.ts';

/**
 * An open state file, as calls that block: what the store's thread carries out for a daemon, and a
 * command that only reads carries out itself.
 */
export class Store {
  private readonly db: DatabaseSync;
  private readonly assertInPlace: () => void;
  private readonly texts: TextReader;
  private readonly runReader: RunReader;
  private readonly value: StatementSync;
  private readonly keysFrom: StatementSync;
  private writer: BatchWriter | undefined;
  private pruneScan: PruneScan | undefined;

  /** `assertInPlace` throws when what is written would be lost. */
  constructor(db: DatabaseSync, assertInPlace: () => void = () => {}) {
    this.db = db;
    this.assertInPlace = assertInPlace;
    this.texts = new TextReader(db);
    this.runReader = new RunReader(db, this.texts);
    this.value = db.prepare(
      'SELECT value FROM key_values WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)',
    );
    this.keysFrom = db.prepare(
      `SELECT key FROM key_values WHERE key >= ? AND (expires_at IS NULL OR expires_at > ?)
       ORDER BY key`,
    );
  }

  /** Every text with its number, for the encoder of batches. */
  textEntries(): [number, string][] {
    return this.texts.entries();
  }

  write(batch: Batch): BatchResult {
    this.assertInPlace();
    this.writer ??= new BatchWriter(this.db);
    return this.writer.write(batch);
  }

  /** The next slice of a scan for what may go; with `retention` a new scan from the start. */
  scanToPrune(retention: Retention | undefined): PruneSlice {
    if (retention !== undefined) this.pruneScan = new PruneScan(this.db, retention);
    return this.pruneScan?.next() ?? { seqs: [], unusedDefinitions: [] };
  }

  remove(removal: Removal): number {
    return remove(this.db, removal);
  }

  jobStates(): JobState[] {
    const rows = this.db.prepare('SELECT * FROM job_states ORDER BY job');
    rows.setReturnArrays(true);
    return (rows.all() as unknown as (number | string | null)[][]).map((row) => {
      const checksum = row.pop();
      if (checksumOf(row) !== checksum) {
        throw new DamagedState(`The state of job ${row[0]} does not match its checksum.`);
      }
      return this.decodeJobState(row);
    });
  }

  definition(key: string): JsonValue | undefined {
    const number = this.texts.key(key);
    if (number === undefined) return undefined;
    const row = this.db.prepare('SELECT * FROM definitions WHERE key = ?').get(number);
    if (row === undefined) return undefined;
    if (checksumOf([number, String(row.json)]) !== row.checksum) {
      throw new DamagedState(`Definition "${key}" does not match its checksum.`);
    }
    return parseJson(row.json) as JsonValue;
  }

  unfinishedRuns(): RunRecord[] {
    return this.runReader.unfinishedRuns();
  }

  run(id: RunId): RunRecord | undefined {
    return this.runReader.run(id);
  }

  runs(query: RunQuery): RunPage {
    return this.runReader.runs(query);
  }

  latestRuns(): RunRecord[] {
    return this.runReader.latestRuns();
  }

  logs(id: RunId): LogLine[] {
    return this.runReader.logs(id);
  }

  keyValue(key: string, now: number): string | undefined {
    return this.value.get(key, now)?.value as string | undefined;
  }

  keys(prefix: string, now: number, limit: number): string[] {
    const found: string[] = [];
    for (const { key } of this.keysFrom.iterate(prefix, now)) {
      if (!(key as string).startsWith(prefix)) break;
      if (found.push(key as string) === limit) break;
    }
    return found;
  }

  close(): void {
    this.db.close();
  }

  private decodeJobState(row: readonly (number | string | null)[]): JobState {
    const [job = null, scheduleKey = null, anchorAt, cursorAt, occurrences, paused] = row;
    return {
      job: this.texts.text(job),
      scheduleKey: this.texts.text(scheduleKey),
      anchorAt: anchorAt as number,
      cursorAt: cursorAt as number,
      occurrences: occurrences as number,
      ...(paused === null ? {} : { paused: parseJson(paused) as PauseState }),
    };
  }
}
