import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { RunId } from '../../../src/dispatch/run.ts';
import type { SimSchedule } from '../oracle/schedule-instants.ts';
import type { SimJob } from './sim-job.ts';

/** `up`: fires what is due. `full`: nothing can be written. `stalled`: the process gets no turn. */
export type Health = 'up' | 'down' | 'full' | 'stalled';

/** From this moment on: what the wall clock says, and how the daemon is. */
export interface Segment {
  readonly fromMs: Milliseconds;
  readonly wallAt: Instant;
  readonly health: Health;
}

/** One schedule of one job, from when it was first seen to when it was gone or another. */
export interface JobTrack {
  /** Its name, and those it was given later. */
  readonly names: string[];
  readonly schedule: SimSchedule;
  readonly anchorAt: Instant;
  /** Exclusive. */
  readonly fromAt: Instant;
  readonly fromMs: Milliseconds;
  /** Inclusive. */
  toAt?: Instant;
  toMs?: Milliseconds;
  /** What is planned until here must be on record; later than that nobody may have seen it. */
  certainTo?: Instant;
  /** What was on record already when the clock was set back may lie beyond `toAt`. */
  optionalTo?: Instant;
  readonly editions: Edition[];
  readonly pauses: Pause[];
  /** Something happened that only the ledger knows the exact time of: not compared with the oracle. */
  isLoose: boolean;
}

export interface Edition {
  readonly fromMs: Milliseconds;
  readonly fromAt: Instant;
  readonly job: SimJob;
  /** Edited while the daemon was down. */
  readonly isByRestart: boolean;
}

export interface Pause {
  readonly fromAt: Instant;
  toAt?: Instant;
}

/** A pause of a group (`group:NAME`) or of everything (`all:`). */
export interface PauseAbove extends Pause {
  readonly key: string;
}

export interface HostStart {
  readonly id: RunId;
  readonly job: string | undefined;
  readonly service: string;
  readonly attempt: number;
  readonly atMs: Milliseconds;
  readonly wallAt: Instant;
  readonly runNumber: number | undefined;
  endMs?: Milliseconds;
  outcome?: string;
}

/** The wall clock went back from `toAt` to `fromAt`: these times come twice. */
export interface Revisit {
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly atMs: Milliseconds;
}

/** What the world did and saw: all that the checker knows besides the ledger. */
export interface Chronicle {
  readonly segments: Segment[];
  tracks: JobTrack[];
  readonly starts: HostStart[];
  readonly revisits: Revisit[];
  /** Jobs by the revision in which they were declared. */
  readonly revisions: Map<string, ReadonlyMap<string, SimJob>>;
  readonly violations: string[];
}
