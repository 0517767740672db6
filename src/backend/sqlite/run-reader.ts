import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogLine, RunId, RunRecord } from '../../dispatch/run.ts';
import type { RunPage, RunQuery } from '../backend.ts';
import { lastUnfinishedCode, stateCodes, stateNames } from './columns.ts';
import { splitRunId } from './run-key.ts';
import { decodeCheckedRun, decodeRun, parseJson, type RunRow, runRowColumns } from './run-row.ts';
import type { TextReader } from './text-reader.ts';

/** As in the index `runs_by_bucket`: sequence numbers of one block share `seq >> bucketBits`. */
export const bucketBits = 12;

const allStates = stateNames.map((_, code) => code).filter((code) => code > 0);

// About 20 ms of work, so that a page asked for meanwhile does not wait for the whole ledger.
const bucketsInSlice = 8;

export interface LatestSlice {
  /** By job, in no order; a job may be there more than once. */
  readonly latest: readonly (readonly [job: number, seq: number])[];
  /** Where to go on; absent at the end. */
  readonly below?: number;
}

/** Reads of the ledger. A query is checked before it comes here. */
export class RunReader {
  private readonly db: DatabaseSync;
  private readonly texts: TextReader;
  private readonly byIdentity: StatementSync;
  private readonly bySeq: StatementSync;
  private readonly newest: StatementSync;
  private readonly bounds: StatementSync;
  private readonly latestInBucket: StatementSync;
  private readonly inBucket = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, texts: TextReader) {
    this.db = db;
    this.texts = texts;
    this.byIdentity = this.prepare(
      `SELECT ${runRowColumns} FROM runs WHERE slot = ? AND owner = ?`,
    );
    this.bySeq = this.prepare(`SELECT ${runRowColumns} FROM runs WHERE seq = ?`);
    this.newest = this.prepare(
      `SELECT ${runRowColumns} FROM runs WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
    );
    this.latestInBucket = this.prepare(
      `SELECT job, max(seq) FROM runs INDEXED BY runs_by_bucket
       WHERE seq >> ${bucketBits} = ? AND job IS NOT NULL GROUP BY job`,
    );
    this.bounds = this.prepare('SELECT (SELECT min(seq) FROM runs), (SELECT max(seq) FROM runs)');
  }

  run(id: RunId): RunRecord | undefined {
    const row = this.rowOf(id);
    return row && decodeRun(row, this.texts);
  }

  /** A scan of the table, not of an index: an entry of an index that lost a bit would hide a run. */
  unfinishedRuns(): RunRecord[] {
    return this.rows(
      this.prepare(
        `SELECT ${runRowColumns} FROM runs NOT INDEXED WHERE state <= ${lastUnfinishedCode} ORDER BY seq`,
      ),
    ).map((row) => decodeCheckedRun(row, this.texts));
  }

  runs(query: RunQuery): RunPage {
    const below = query.after === undefined ? Number.MAX_SAFE_INTEGER : Number(query.after);
    const rows = this.page(query, below, query.limit + 1);
    const runs = rows.slice(0, query.limit).map((row) => decodeRun(row, this.texts));
    if (rows.length <= query.limit) return { runs };
    return { runs, next: String(rows[query.limit - 1]?.[0]) };
  }

  /** The newest record of each job among the next records below a sequence number. */
  latestSeqs(below: number): LatestSlice {
    const latest: (readonly [job: number, seq: number])[] = [];
    let left = bucketsInSlice;
    for (const bucket of this.buckets(below)) {
      if (left === 0) return { latest, below: (bucket + 1) * 2 ** bucketBits };
      left -= 1;
      for (const row of this.rows(this.latestInBucket, bucket)) {
        latest.push(row as unknown as readonly [number, number]);
      }
    }
    return { latest };
  }

  runsBySeq(seqs: readonly number[]): RunRecord[] {
    return this.rowsOf(seqs).map((row) => decodeRun(row, this.texts));
  }

  logs(id: RunId): LogLine[] {
    const seq = this.rowOf(id)?.[0];
    if (seq === undefined) return [];
    return this.db
      .prepare('SELECT lines FROM logs WHERE run = ? ORDER BY part')
      .all(seq)
      .flatMap(({ lines }) => parseJson(lines) as LogLine[]);
  }

  private page(query: RunQuery, below: number, count: number): RunRow[] {
    if (query.job === undefined && query.states === undefined) {
      return this.rows(this.newest, below, count);
    }
    const job = query.job === undefined ? undefined : this.texts.key(query.job);
    if (query.job !== undefined && job === undefined) return [];
    const states = query.states?.map((state) => stateCodes[state]) ?? allStates;
    return this.rowsOf(this.findSeqs({ job, states, below, count }));
  }

  private findSeqs(wanted: {
    job: number | undefined;
    states: readonly number[];
    below: number;
    count: number;
  }): number[] {
    const { job, states, below, count } = wanted;
    const jobCells = job === undefined ? [] : [job];
    const statement = this.bucketStatement(states.length, job !== undefined);
    const found: number[] = [];
    for (const bucket of this.buckets(below)) {
      const rest = count - found.length;
      if (rest === 0) break;
      for (const [seq] of this.rows(statement, bucket, ...states, ...jobCells, below, rest)) {
        found.push(seq as number);
      }
    }
    return found;
  }

  /** Blocks of sequence numbers that can hold rows, the newest first. */
  private *buckets(below: number): Generator<number> {
    const [lowest = null, highest = null] = this.rows(this.bounds)[0] ?? [];
    if (lowest === null || highest === null) return;
    const top = Math.min(below - 1, highest as number);
    const last = bucketOf(lowest as number);
    for (let bucket = bucketOf(top); bucket >= last; bucket -= 1) yield bucket;
  }

  private bucketStatement(states: number, byJob: boolean): StatementSync {
    const key = `${states} ${byJob}`;
    const known = this.inBucket.get(key);
    if (known !== undefined) return known;
    const marks = Array.from({ length: states }, () => '?').join(', ');
    const made = this.prepare(
      `SELECT seq FROM runs INDEXED BY runs_by_bucket
       WHERE seq >> ${bucketBits} = ? AND state IN (${marks})${byJob ? ' AND job = ?' : ''} AND seq < ?
       ORDER BY seq DESC LIMIT ?`,
    );
    this.inBucket.set(key, made);
    return made;
  }

  private rowOf(id: RunId): RunRow | undefined {
    const { owner, slot } = splitRunId(id);
    const ownerKey = this.texts.key(owner);
    return ownerKey === undefined ? undefined : this.rows(this.byIdentity, slot, ownerKey)[0];
  }

  private rowsOf(seqs: readonly number[]): RunRow[] {
    return seqs.flatMap((seq) => this.rows(this.bySeq, seq));
  }

  private rows(statement: StatementSync, ...values: (number | string)[]): RunRow[] {
    return statement.all(...values) as unknown as RunRow[];
  }

  private prepare(sql: string): StatementSync {
    const statement = this.db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

function bucketOf(seq: number): number {
  return Math.floor(seq / 2 ** bucketBits);
}
