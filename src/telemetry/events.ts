import type { Instant, Milliseconds } from '../clock/clock.ts';
import type { Finding } from '../config/finding.ts';
import type { LogLine, Outcome, RunError, RunId, Trigger } from '../dispatch/run.ts';

/** What asked for a reload. */
export type ReloadCause = 'files' | 'signal' | 'request';

/** What every event about one run says of it. */
interface RunFacts {
  readonly id: RunId;
  /** Absent when a service was invoked without a job. */
  readonly job?: string;
  readonly service: string;
  readonly attempt: number;
}

/** A stretch of occurrences that did not run; one record of the ledger. */
interface StretchFacts {
  readonly job: string;
  readonly reason: string;
  readonly nominalAt: Instant;
  readonly lastNominalAt?: Instant;
  /** How many occurrences it stands for. */
  readonly count: number;
}

/**
 * Everything the daemon tells the outside about itself. Sinks turn it into log lines, metrics and
 * traces; nobody else formats. Texts may still hold secrets: each sink redacts what it writes.
 */
export type DaemonEvent =
  | {
      readonly kind: 'daemon-started';
      readonly version: string;
      readonly pid: number;
      readonly root: string;
      readonly backend: string;
      readonly statePath: string;
      /** Absent when the control door could not be opened. */
      readonly socketPath?: string;
      readonly revision: string;
      readonly jobs: number;
      readonly services: number;
      readonly endpoints: number;
      /** From the start of the process to here. */
      readonly tookMs: Milliseconds;
    }
  /** Findings that do not stop the configuration from being used. */
  | { readonly kind: 'configuration-warned'; readonly findings: readonly Finding[] }
  /** What the ledger said at start about the life before: given once, also when all are 0. */
  | {
      readonly kind: 'recovered';
      /** Runs that were under way and are now `lost`. */
      readonly lost: number;
      /** Runs that wait again. */
      readonly waiting: number;
      /** Runs that were under way and are tried again. */
      readonly retrying: number;
    }
  | {
      readonly kind: 'reloaded';
      readonly cause: ReloadCause;
      readonly revision: string;
      readonly added: number;
      readonly changed: number;
      readonly removed: number;
      readonly jobs: number;
      readonly tookMs: Milliseconds;
    }
  /** The content is what it was. */
  | {
      readonly kind: 'reload-unchanged';
      readonly cause: ReloadCause;
      readonly revision: string;
      /** Whether the reload before was refused: what was wrong has been put right. */
      readonly isPutRight?: boolean;
    }
  /** The last good configuration stays in force. */
  | {
      readonly kind: 'reload-refused';
      readonly cause: ReloadCause;
      /** The revision that stays. */
      readonly revision: string;
      readonly findings: readonly Finding[];
    }
  /** A service module or a file it imports changed; runs under way finish in the old hosts. */
  | { readonly kind: 'hosts-replaced'; readonly hosts: number; readonly files: readonly string[] }
  | ({
      readonly kind: 'run-started';
      readonly trigger: Trigger;
      readonly nominalAt?: Instant;
      readonly host: string;
      /** Start minus planned time; never negative. */
      readonly delayMs: Milliseconds;
    } & RunFacts)
  | ({ readonly kind: 'run-logged'; readonly line: LogLine } & RunFacts)
  | ({
      readonly kind: 'run-ended';
      readonly outcome: Outcome;
      /** Of this attempt. */
      readonly tookMs: Milliseconds;
      readonly endedAt: Instant;
      readonly error?: RunError;
      /** Set when another attempt follows. */
      readonly retryAt?: Instant;
    } & RunFacts)
  /** An attempt that was given up (timed out, lost) ended after all; it changes nothing. */
  | ({ readonly kind: 'late-result-ignored'; readonly outcome: Outcome } & RunFacts)
  | ({ readonly kind: 'run-skipped' } & StretchFacts)
  | ({ readonly kind: 'run-missed' } & StretchFacts)
  /** So many more occurrences went into a stretch that `run-skipped` told of. Not for the log. */
  | {
      readonly kind: 'skip-continued';
      readonly job: string;
      readonly reason: string;
      readonly count: number;
    }
  /** `target` is `job:NAME`, `group:NAME` or `all`. */
  | {
      readonly kind: 'paused';
      readonly target: string;
      readonly untilAt?: Instant;
      readonly actor?: string;
      readonly reason?: string;
    }
  | { readonly kind: 'resumed'; readonly target: string; readonly actor?: string }
  /** Wall time moved against monotonic time: forward when positive. A suspend looks the same. */
  | { readonly kind: 'clock-jumped'; readonly byMs: Milliseconds; readonly now: Instant }
  | { readonly kind: 'host-started'; readonly host: string; readonly pid: number }
  | {
      readonly kind: 'host-died';
      readonly host: string;
      readonly pid: number;
      /** In words: `exit code 1`, `SIGKILL after grace`, `out of memory` ... */
      readonly reason: string;
      /** Runs that went with it. */
      readonly runs: readonly RunId[];
    }
  /** Nothing fires until `ledger-recovered`. */
  | { readonly kind: 'ledger-trouble'; readonly code: string; readonly message: string }
  | { readonly kind: 'ledger-recovered'; readonly downMs: Milliseconds }
  /** Too often for a log: several times for each run of a quiet daemon. */
  | {
      readonly kind: 'ledger-committed';
      readonly changes: number;
      /** From the request until it is durable. */
      readonly tookMs: Milliseconds;
    }
  | { readonly kind: 'pruned'; readonly records: number; readonly tookMs: Milliseconds }
  | {
      readonly kind: 'stopping';
      /** `SIGTERM`, `SIGINT` ... */
      readonly cause: string;
      readonly running: number;
      readonly drainTimeoutMs: Milliseconds;
    }
  /** A second signal: exit without waiting. */
  | { readonly kind: 'stop-forced'; readonly cause: string; readonly running: number }
  | { readonly kind: 'stopped'; readonly lost: number; readonly uptimeMs: Milliseconds }
  /** A part that is not on the line to the ledger failed and the daemon goes on without it. */
  | {
      readonly kind: 'part-failed';
      /** `watcher`, `control`, `pruning` ... */
      readonly part: string;
      readonly message: string;
    };

export type DaemonEventKind = DaemonEvent['kind'];

/** Where events go. `emit` never throws and never waits. */
export interface Telemetry {
  emit(event: DaemonEvent): void;
}
