import type { Instant } from '../../src/clock/clock.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import type { FaultJob } from './fault-job.ts';

/** A line that a service wrote to the file outside: one at the start of an attempt, one at its end. */
export interface OutsideLine {
  readonly job: string;
  readonly nominal: Instant;
  readonly run: string;
  readonly attempt: number;
  readonly start: Instant;
  readonly pid: number;
  /** Parent process at the time of writing: 1 when the daemon was dead already. */
  readonly parent: number;
  /** Only in the line of the end. */
  readonly end?: Instant;
  readonly outcome?: 'done' | 'threw' | 'aborted';
}

/** A schedule of a job while it was in force. */
export interface JobVersion {
  readonly job: FaultJob;
  /** First seen by the daemon; occurrences are strictly after it. */
  readonly anchorAt: Instant;
  /** Each occurrence until then must be on record. */
  readonly requiredUntilAt: Instant;
  /** None after this may be. */
  readonly allowedUntilAt: Instant;
}

/** Something that was done to the processes; late starts and lost runs are explained by these only. */
export interface Disturbance {
  readonly kind: 'daemon-down' | 'daemon-stopped' | 'host-killed' | 'host-stopped' | 'edit';
  readonly fromAt: Instant;
  readonly untilAt: Instant;
  /** Of the host. */
  readonly pid?: number;
}

/** All that is known of a fault run from the outside, and what the ledger says of it. */
export interface FaultHistory {
  readonly versions: readonly JobVersion[];
  readonly outside: readonly OutsideLine[];
  readonly records: readonly RunRecord[];
  readonly disturbances: readonly Disturbance[];
  /** From here on all jobs were disabled. */
  readonly disabledAt: Instant;
  /** On a quiet machine nothing starts later than this after its time. */
  readonly lateMs: number;
}

export const faultKinds = [
  /** An occurrence without a record, or one that its policy lets nobody leave out. */
  'LOST',
  /** Two starts of one attempt, or two records of one occurrence. */
  'DUPLICATE',
  /** A start or a record that no schedule asked for. */
  'PHANTOM',
  'EARLY',
  /** Too late, although nothing was done to the processes. */
  'LATE',
  /** Two at once where the policy allows one. */
  'OVERLAP',
  /** A record that never came to its end, or does not say why. */
  'SILENT',
  /** Record and outside log contradict each other. */
  'LIAR',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** The run, or `job@instant` for an occurrence. */
  readonly subject: string;
  readonly detail: string;
}
