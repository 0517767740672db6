import type { Instant } from '../clock/clock.ts';

/** `job@20261120T170000Z`, or `job@manual-<ulid>`; services asked for without a job: `service@invoke-<ulid>`. */
export type RunId = string;

/** How a run that started can end. */
export type Outcome = 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'lost';

/** Where a record is in its life. `skipped` and `missed` are occurrences that never started. */
export type RunState = 'waiting' | 'running' | 'retrying' | Outcome | 'skipped' | 'missed';

export const unfinishedStates = ['waiting', 'running', 'retrying'] as const;

/** All states, in the order of a record's life. */
export const runStates = [
  ...unfinishedStates,
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'lost',
  'skipped',
  'missed',
] as const satisfies readonly RunState[];

export type Trigger =
  | 'schedule'
  | 'catch-up'
  | 'manual'
  | 'api'
  | 'service'
  | 'on-event'
  | 'retry'
  | 'backfill';

/** An error as it is kept: bounded, and plain data. */
export interface RunError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

/** One record of the ledger. Texts of payloads and results are JSON, bounded where they are made. */
export interface RunRecord {
  readonly id: RunId;
  /** Absent when a service was invoked without a job. */
  readonly job?: string;
  readonly service: string;
  readonly trigger: Trigger;
  readonly actor?: string;
  readonly state: RunState;
  /** Why it was skipped, missed or cancelled: `overlap`, `outage`, `paused` ... */
  readonly reason?: string;
  /** 0 until the first start. */
  readonly attempt: number;
  /** The instant the schedule names. Absent for what no schedule asked for. */
  readonly nominalAt?: Instant;
  /**
   * Its number in the life of the schedule, from 1. Only of an occurrence that a schedule asked for,
   * on time or as catch-up; absent also from records of versions that did not keep it.
   */
  readonly number?: number;
  /** When it was to start: nominal time plus jitter, or when it was asked for. */
  readonly plannedAt: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** When the next attempt is due; only while `retrying`. */
  readonly retryAt?: Instant;
  readonly host?: string;
  /** Configuration revision it was made with. */
  readonly revision: string;
  /** Key of the policies it was made with (`Change` kind `definition`). */
  readonly definition?: string;
  /** `jobs.d/reports.yaml:14`: where its job was declared. */
  readonly place?: string;
  /** The project's git commit when it was made, with `-dirty` when files differed from it. */
  readonly commit?: string;
  /** JSON of what the service gets. */
  readonly payload?: string;
  readonly result?: string;
  readonly error?: RunError;
  /** A missed or skipped stretch: how many occurrences it stands for, and the last of them. */
  readonly count?: number;
  readonly lastNominalAt?: Instant;
}

/** What a service wrote while it ran. */
export interface LogLine {
  readonly at: Instant;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}
