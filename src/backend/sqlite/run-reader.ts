import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogLine, RunId, RunRecord } from '../../dispatch/run.ts';
import type { RunPage, RunQuery } from '../backend.ts';
import { lastUnfinishedCode, stateCodes, stateNames } from './columns.ts';
import { splitRunId } from './run-key.ts';
import { decodeCheckedRun, decodeRun, parseLines, type RunRow, runRowColumns } from './run-row.ts';
import type { TextReader } from './text-reader.ts';

/** As in the index `runs_by_bucket`: sequence numbers of one block share `seq >> bucketBits`. */
export const bucketBits = 12;

const allStates = stateNames.map((_, code) => code).filter((code) => code > 0);

// So many jobs are looked for one by one, 2 ms each in a million records; more by going through all
// records from the newest down until each was met.
const fewJobs = 50;

/** Reads of the ledger. A query is checked before it comes here. */
export class RunReader {
  private readonly db: DatabaseSync;
  private readonly texts: TextReader;
  private readonly byIdentity: StatementSync;
  private readonly bySeq: StatementSync;
  private readonly newest: StatementSync;
  private readonly bounds: StatementSync;
  private readonly latestInBucket: StatementSync;
  private readonly jobs: StatementSync;
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
    this.jobs = this.prepare('SELECT job FROM jobs');
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

  latestRuns(): RunRecord[] {
    const wanted = new Set(this.rows(this.jobs).map(([job]) => job as number));
    const latest: number[] = [];
    for (const bucket of this.buckets(Number.MAX_SAFE_INTEGER)) {
      if (wanted.size <= fewJobs) break;
      for (const [job, seq] of this.rows(this.latestInBucket, bucket)) {
        if (wanted.delete(job as number)) latest.push(seq as number);
      }
    }
    const below = Number.MAX_SAFE_INTEGER;
    for (const job of wanted) {
      latest.push(...this.findSeqs({ job, states: allStates, below, count: 1 }));
    }
    return this.rowsOf(latest).map((row) => decodeRun(row, this.texts));
  }

  logs(id: RunId): LogLine[] {
    const seq = this.rowOf(id)?.[0];
    if (seq === undefined) return [];
    return this.db
      .prepare('SELECT lines FROM logs WHERE run = ? ORDER BY part')
      .all(seq)
      .flatMap(({ lines }) => parseLines(lines));
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
