import type { Instant } from '../clock/clock.ts';
import type { JsonValue } from '../config/snapshot.ts';
import type { LogLine, RunId, RunRecord, RunState } from '../dispatch/run.ts';

/** What is remembered about a job for as long as its schedule lives; outlives its runs. */
export interface JobState {
  readonly job: string;
  /** `Schedule.key` these numbers belong to. */
  readonly scheduleKey: string;
  /** When this schedule was first seen; the origin of an interval without `start`. */
  readonly anchorAt: Instant;
  /** The ledger is complete up to and including this nominal time. */
  readonly cursorAt: Instant;
  /** Occurrences produced so far, for `repeats`. */
  readonly occurrences: number;
  readonly paused?: PauseState;
}

export interface PauseState {
  readonly at: Instant;
  readonly until?: Instant;
  readonly actor?: string;
  readonly reason?: string;
}

/** One step of the ledger. A commit applies all of its changes, in order, or none. */
export type Change =
  /** A new record. Dropped, and told in the result, when its id is already there. */
  | { readonly kind: 'record'; readonly run: RunRecord }
  /**
   * New values for some fields of a record; `undefined` clears. Ignored when there is no such record,
   * and when `ifAttempt` is given and is not the record's attempt: that is how a late result cannot
   * overwrite what came after it.
   */
  | {
      readonly kind: 'update';
      readonly id: RunId;
      readonly ifAttempt?: number;
      readonly fields: Partial<Omit<RunRecord, 'id'>>;
    }
  /** The state of a job, whole. */
  | { readonly kind: 'job-state'; readonly state: JobState }
  /** Removes a job's state. Its records stay until they are pruned. */
  | { readonly kind: 'forget-job'; readonly job: string }
  /** All records of `from` belong to `to` from now on; their ids stay. Job states are not touched. */
  | { readonly kind: 'rename-job'; readonly from: string; readonly to: string }
  /**
   * The definition runs were made with, by content key. The first text of a key stays; repeating it
   * costs next to nothing. It is kept while a record refers to it, and in any case until the backend
   * that committed it is closed: so commit it once after each open, before records refer to it.
   */
  | { readonly kind: 'definition'; readonly key: string; readonly json: string }
  /** Adds lines to a record's log. Ignored when there is no such record. */
  | { readonly kind: 'log'; readonly id: RunId; readonly lines: readonly LogLine[] };

export interface CommitResult {
  /** Ids of `record` changes that were there before. Empty in a quiet life. */
  readonly dropped: readonly RunId[];
}

export interface RunQuery {
  readonly job?: string;
  /** Records in any of these states; an empty list matches none. */
  readonly states?: readonly RunState[];
  /** 1 … 1000. */
  readonly limit: number;
  /** Continue after this `RunPage.next`. */
  readonly after?: string;
}

/** Records, those recorded last first. */
export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** Absent on the last page. Stays good while records come and go. */
  readonly next?: string;
}

/** Longest key of the key-value store, in UTF-8 bytes. */
export const maxKeyBytes = 1024;
/** Longest value of the key-value store, in UTF-8 bytes. */
export const maxValueBytes = 1024 * 1024;

/**
 * A key-value store: strings by key, with an optional time to live. Durable like a commit. A key or
 * value beyond the bounds, an empty key and a `ttlMs` that is no positive whole number of
 * milliseconds reject with JOBSD_INPUT_INVALID.
 */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>;
  /** Without `ttlMs` the value stays until it is deleted, whatever was set before. */
  set(key: string, value: string, options?: { ttlMs?: number }): Promise<void>;
  /** Whether there was such a key. */
  delete(key: string): Promise<boolean>;
  /** Keys that begin with the prefix, sorted by code point, at most `limit` (1 … 1000). */
  keys(prefix: string, limit: number): Promise<string[]>;
  /**
   * Adds to a whole number (0 when absent) and gives the sum; a time to live goes on. Rejects with
   * JOBSD_INPUT_INVALID when the value is no whole number or the sum is not within ±(2^53 - 1).
   */
  increment(key: string, by: number): Promise<number>;
}

/**
 * What a `prune` may take: finished records only, and no stretch of skipped occurrences whose last
 * one is at its job's cursor: that may still grow.
 */
export interface PruneOptions {
  /** Records that ended (or, never started, were planned) before this instant go. */
  readonly before: Instant;
  /** Of each job, and of each service invoked without one, at most the newest `keep` stay. */
  readonly keep: number;
  /** At most this many in one call, so that no commit waits long; 1 … 10 000. */
  readonly limit: number;
}

/**
 * Where the ledger lives. Every backend passes `tests/backend/backend-suite.ts`.
 *
 * Methods reject with `JobsdError`: JOBSD_BACKEND_* when the store cannot do its work,
 * JOBSD_INPUT_INVALID for what can never be kept or asked (an instant that is no whole number, a
 * limit out of range). After any rejection nothing of that call has been kept, and the call may be
 * made again. When the store fails a write, the writes asked for after it and still pending fail
 * with it, so that making them again keeps their order; several may be under way at once.
 * Reads see every commit that has resolved, and may see one that has not yet.
 */
export interface Backend {
  readonly kind: 'memory' | 'sqlite' | 'redis';
  readonly keyValues: KeyValueStore;
  /** Resolves when the changes are on disk (memory: applied). Calls are applied in call order. */
  commit(changes: readonly Change[]): Promise<CommitResult>;
  jobStates(): Promise<readonly JobState[]>;
  /** Records that are waiting, running or retrying, oldest first. */
  unfinishedRuns(): Promise<readonly RunRecord[]>;
  definition(key: string): Promise<JsonValue | undefined>;
  run(id: RunId): Promise<RunRecord | undefined>;
  runs(query: RunQuery): Promise<RunPage>;
  /** Of each job that has a record, the one recorded last. */
  latestRuns(): Promise<readonly RunRecord[]>;
  /** In the order written. Empty too when there is no such record. */
  logs(id: RunId): Promise<readonly LogLine[]>;
  /**
   * Removes old records with their logs, oldest first, then definitions nothing refers to. Gives how
   * many records went; call again while that equals `limit`. Job states are never pruned.
   */
  prune(options: PruneOptions): Promise<number>;
  /** What was committed before is durable when this resolves; later calls reject. */
  close(): Promise<void>;
}
