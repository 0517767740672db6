import type { Instant } from '../../src/clock/clock.ts';
import type { OverlapPolicy } from '../../src/config/snapshot.ts';

/** A schedule as the oracle knows it; the project's file says the same in the program's words. */
export type FaultSchedule =
  | {
      readonly type: 'interval';
      readonly everyMs: number;
      readonly startAt?: Instant;
      readonly repeats?: number;
    }
  /** Each minute at these seconds. */
  | { readonly type: 'cron'; readonly seconds: readonly number[]; readonly repeats?: number }
  | { readonly type: 'one-time'; readonly at: Instant };

/** What the service does in each attempt. */
export interface FaultWork {
  readonly takesMs: number;
  /** Keeps its thread busy instead of waiting, and so hears no signal. */
  readonly spins: boolean;
  readonly fails: 'never' | 'first' | 'always';
}

export interface FaultJob {
  readonly name: string;
  readonly schedule: FaultSchedule;
  readonly overlap: OverlapPolicy;
  readonly catchUp: 'none' | 'latest' | 'all';
  readonly attempts: number;
  readonly onLost: boolean;
  readonly jitterMs: number;
  readonly timeoutMs: number;
  readonly work: FaultWork;
}

/** A job with every default, and what somebody cares about. */
export function aFaultJob(spec: Partial<FaultJob> & Pick<FaultJob, 'schedule'>): FaultJob {
  return {
    name: 'job',
    overlap: 'allow',
    catchUp: 'all',
    attempts: 1,
    onLost: true,
    jitterMs: 0,
    timeoutMs: 60_000,
    ...spec,
    work: { takesMs: 0, spins: false, fails: 'never', ...spec.work },
  };
}
