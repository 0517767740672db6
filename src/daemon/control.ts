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

/**
 * What the daemon can be asked. The control socket carries exactly this (`http/`), the commands use
 * it through `cli/`. Rejects with `JobsdError`.
 */
export interface Control {
  status(): Promise<StatusView>;
  jobs(): Promise<readonly JobView[]>;
  runs(query: RunQuery): Promise<RunPage>;
  run(id: RunId): Promise<RunRecord>;
  logs(id: RunId): Promise<readonly LogLine[]>;
  /** Starts a job's service now; `extra` replaces the declared one. Resolves once the run is in the ledger. */
  runJob(job: string, options: { extra?: JsonValue; actor?: string }): Promise<RunRecord>;
  invoke(service: string, options: { payload?: JsonValue; actor?: string }): Promise<RunRecord>;
  /** Resolves with the record when the run has ended, or as it is after `timeoutMs`. */
  waitForEnd(id: RunId, timeoutMs: number): Promise<RunRecord>;
  reload(): Promise<ReloadResult>;
  keyValue(key: string): Promise<string | undefined>;
  keys(prefix: string, limit: number): Promise<readonly string[]>;
}
