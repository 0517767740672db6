import type { RunPage, RunQuery } from '../backend/backend.ts';
import type { Finding } from '../config/finding.ts';
import type { JsonValue } from '../config/snapshot.ts';
import type { LogLine, RunId, RunRecord } from '../dispatch/run.ts';

/** One line of `jobsd jobs`. Instants are ISO texts, so that this is also the JSON of the API. */
export interface JobView {
  readonly name: string;
  readonly type: 'one-time' | 'interval' | 'cron' | 'manual';
  /** The schedule in a few words: `every 1h`, `30 2 * * MON-FRI`. */
  readonly schedule: string;
  readonly timezone: string;
  readonly service: string;
  readonly enabled: boolean;
  readonly paused: boolean;
  readonly description?: string;
  readonly owner?: string;
  readonly next?: string;
  readonly occurrences: number;
  readonly last?: { readonly id: RunId; readonly state: string; readonly at: string };
  readonly place: string;
}

export interface StatusView {
  readonly pid: number;
  readonly version: string;
  readonly node: string;
  readonly tzdata: string;
  readonly startedAt: string;
  readonly state: 'starting' | 'running' | 'stopping';
  readonly root: string;
  readonly backend: string;
  readonly statePath: string;
  readonly revision: string;
  readonly lastReload: { readonly at: string; readonly ok: boolean; readonly findings: number };
  readonly reloads: number;
  readonly jobs: number;
  readonly services: number;
  readonly endpoints: number;
  readonly waiting: number;
  readonly running: number;
  readonly hosts: readonly { readonly name: string; readonly pid: number; readonly runs: number }[];
  /** Set while the ledger cannot be written: nothing fires. */
  readonly trouble?: string;
}

export interface ReloadResult {
  readonly ok: boolean;
  /** Whether a new snapshot is in force. False too when the content was the same. */
  readonly changed: boolean;
  readonly revision: string;
  readonly findings: readonly Finding[];
}

/** Who asks for a run: a person by a command, or a program (the default). */
export interface StartOptions {
  readonly actor?: string;
  readonly trigger?: 'manual' | 'api';
}

/** What a pause is laid on: `job:NAME`, `group:NAME` or `all`. */
export type PauseName = string;

export interface PauseView {
  readonly target: PauseName;
  readonly since: string;
  readonly until?: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** One nominal time of a backfill, and what becomes of it. */
export interface BackfillStep {
  readonly nominal: string;
  /** `run`: it is made; `succeeded`: it was done before; `under-way`: a run of it has not ended. */
  readonly plan: 'run' | 'succeeded' | 'under-way';
  /** The record that was found, or the run that was made. */
  readonly run?: RunId;
}

/** Why a job ran, did not run, or will run at an instant. */
export interface WhyView {
  readonly job: string;
  readonly at: string;
  readonly verdict:
    | 'ran'
    | 'running'
    | 'waiting'
    | 'skipped'
    | 'missed'
    | 'will-run'
    | 'will-be-skipped'
    | 'not-an-occurrence'
    | 'before-the-schedule'
    | 'not-in-the-ledger';
  /** Full sentences, most important first. */
  readonly because: readonly string[];
  readonly run?: RunRecord;
  readonly previous?: string;
  readonly next?: string;
}

/**
 * What the daemon can be asked. The control socket carries exactly this (`http/`), the commands use
 * it through `cli/`. Rejects with `JobsdError`.
 */
export interface Control {
  status(): Promise<StatusView>;
  jobs(): Promise<readonly JobView[]>;
  runs(query: RunQuery): Promise<RunPage>;
  run(id: RunId): Promise<RunRecord>;
  /** What a run wrote, without the first `from` lines. */
  logs(id: RunId, from?: number): Promise<readonly LogLine[]>;
  /** Starts a job's service now; `extra` replaces the declared one. Resolves once the run is in the ledger. */
  runJob(job: string, options: StartOptions & { extra?: JsonValue }): Promise<RunRecord>;
  invoke(service: string, options: StartOptions & { payload?: JsonValue }): Promise<RunRecord>;
  /** Resolves with the record when the run has ended, or as it is after `timeoutMs`. */
  waitForEnd(id: RunId, timeoutMs: number): Promise<RunRecord>;
  /** Ends a run that waits, runs or retries. Rejects with JOBSD_RUN_NOT_FOUND, JOBSD_RUN_ENDED. */
  cancel(id: RunId, options: { actor?: string; reason?: string }): Promise<RunRecord>;
  /**
   * One more attempt of a run that ended without success, under its id. Rejects with
   * JOBSD_RUN_NOT_FOUND, with JOBSD_RUN_NOT_DEAD for one that succeeded or has not ended, and with
   * JOBSD_PAYLOAD_NOT_KEPT when a secret was taken out of its payload.
   */
  retry(id: RunId, options: { actor?: string }): Promise<RunRecord>;
  /** Rejects with JOBSD_JOB_NOT_FOUND, JOBSD_GROUP_NOT_FOUND, JOBSD_INPUT_INVALID. */
  pause(
    target: PauseName,
    options: { actor?: string; reason?: string; until?: string },
  ): Promise<PauseView>;
  resume(target: PauseName, options: { actor?: string }): Promise<void>;
  pauses(): Promise<readonly PauseView[]>;
  /**
   * What a backfill of [from, to) would do, oldest first, at most `limit` steps. Starts nothing.
   * `force` also takes what has succeeded.
   */
  planBackfill(
    job: string,
    options: { from: string; to: string; force?: boolean; limit?: number },
  ): Promise<readonly BackfillStep[]>;
  /** Makes the run of one nominal time of a backfill. Asking twice makes one, unless forced. */
  backfill(
    job: string,
    options: { nominal: string; force?: boolean; actor?: string },
  ): Promise<RunRecord>;
  why(job: string, at: string): Promise<WhyView>;
  reload(): Promise<ReloadResult>;
  keyValue(key: string): Promise<string | undefined>;
  keys(prefix: string, limit: number): Promise<readonly string[]>;
}
