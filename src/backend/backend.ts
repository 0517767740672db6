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

/** One step of the ledger. A commit applies all of its changes or none. */
export type Change =
  /** A new record. Dropped, and told in the result, when its id is already there. */
  | { readonly kind: 'record'; readonly run: RunRecord }
  /** New values for some fields of a record; `undefined` clears. Ignored when `attempt` is given and differs. */
  | {
      readonly kind: 'update';
      readonly id: RunId;
      readonly ifAttempt?: number;
      readonly fields: Partial<Omit<RunRecord, 'id'>>;
    }
  /** The state of a job, whole. */
  | { readonly kind: 'job-state'; readonly state: JobState }
  | { readonly kind: 'forget-job'; readonly job: string }
  /** The definition runs were made with, by content key; kept while a run refers to it. */
  | { readonly kind: 'definition'; readonly key: string; readonly json: string }
  | { readonly kind: 'log'; readonly id: RunId; readonly lines: readonly LogLine[] };

export interface CommitResult {
  /** Ids of `record` changes that were there before. Empty in a quiet life. */
  readonly dropped: readonly RunId[];
}

export interface RunQuery {
  readonly job?: string;
  readonly states?: readonly RunState[];
  /** Newest first; 1 … 1000. */
  readonly limit: number;
  /** Continue after this `RunPage.next`. */
  readonly after?: string;
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** A key-value store: strings by key, with an optional time to live. */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, options?: { ttlMs?: number }): Promise<void>;
  delete(key: string): Promise<boolean>;
  /** Keys that begin with the prefix, sorted, at most `limit`. */
  keys(prefix: string, limit: number): Promise<string[]>;
  /** Adds to a whole number (0 when absent) and gives the sum. */
  increment(key: string, by: number): Promise<number>;
}

/**
 * Where the ledger lives. Every backend passes `tests/backend/backend-suite.ts`.
 * All methods reject with `JobsdError` (JOBSD_BACKEND_*) when the store cannot do its work; after
 * such a failure nothing of that call has been kept, and the call may be made again.
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
  /** The newest record of each job that has one. */
  latestRuns(): Promise<readonly RunRecord[]>;
  logs(id: RunId): Promise<readonly LogLine[]>;
  /**
   * Removes finished records older than `before`, and beyond the newest `keep` of a job, at most
   * `limit` of them, with their logs. Gives how many went; call again while it equals `limit`.
   */
  prune(options: { before: Instant; keep: number; limit: number }): Promise<number>;
  close(): Promise<void>;
}
