import type { Instant } from '../../../src/clock/clock.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { FaultJob } from '../fault-job.ts';
import type { Disturbance, FaultHistory, JobVersion, OutsideLine } from '../history.ts';
import { occurrencesOf } from './oracle.ts';

/** One attempt, as the outside saw it. */
export interface SeenAttempt {
  readonly attempt: number;
  readonly starts: readonly OutsideLine[];
  readonly end: OutsideLine | undefined;
}

/** A history, arranged for looking things up. */
export interface RunIndex {
  readonly history: FaultHistory;
  readonly records: ReadonlyMap<string, RunRecord>;
  readonly byJob: ReadonlyMap<string, readonly RunRecord[]>;
  /** Attempts by run, oldest first. */
  readonly attempts: ReadonlyMap<string, readonly SeenAttempt[]>;
  /** Occurrences of each job by instant, with the version that names them. */
  readonly expected: ReadonlyMap<string, ReadonlyMap<Instant, JobVersion>>;
  readonly jobs: ReadonlyMap<string, FaultJob>;
}

export function indexHistory(history: FaultHistory): RunIndex {
  const expected = new Map<string, Map<Instant, JobVersion>>();
  const jobs = new Map<string, FaultJob>();
  for (const version of history.versions) {
    const { job, anchorAt, allowedUntilAt } = version;
    jobs.set(job.name, job);
    const ofJob = expected.get(job.name) ?? new Map<Instant, JobVersion>();
    expected.set(job.name, ofJob);
    for (const at of occurrencesOf(job.schedule, anchorAt, allowedUntilAt)) ofJob.set(at, version);
  }
  const records = new Map(history.records.map((record) => [record.id, record]));
  const byJob = Map.groupBy(history.records, ({ job = '' }) => job);
  return { history, records, byJob, attempts: attemptsByRun(history.outside), expected, jobs };
}

function attemptsByRun(lines: readonly OutsideLine[]): Map<string, SeenAttempt[]> {
  const byRun = Map.groupBy(lines, ({ run }) => run);
  return new Map(
    [...byRun].map(([run, ofRun]) => {
      const byAttempt = Map.groupBy(ofRun, ({ attempt }) => attempt);
      const attempts = [...byAttempt].map(([attempt, ofAttempt]) => ({
        attempt,
        starts: ofAttempt.filter(({ end }) => end === undefined),
        end: ofAttempt.find(({ end }) => end !== undefined),
      }));
      return [run, attempts.sort((a, b) => a.attempt - b.attempt)];
    }),
  );
}

/** Whether something was done to the processes between the two instants. */
export function wasDisturbed(
  { disturbances }: FaultHistory,
  fromAt: Instant,
  untilAt: Instant,
  fits: (disturbance: Disturbance) => boolean = () => true,
): boolean {
  return disturbances.some((one) => one.fromAt <= untilAt && one.untilAt >= fromAt && fits(one));
}

// A host that stands still longer may be ended by the daemon: it did not end a run when it had to.
const fatalStopMs = 1000;

/** Whether it can have ended what ran in the host with that pid. */
export function isDeathOf(pid: number | undefined) {
  return (one: Disturbance): boolean => {
    if (one.kind === 'daemon-down') return true;
    if (pid !== undefined && one.pid !== pid) return false;
    if (one.kind === 'host-stopped') return one.untilAt - one.fromAt >= fatalStopMs;
    return one.kind === 'host-killed';
  };
}

export const occurrenceName = (job: string, at: Instant) => `${job}@${new Date(at).toISOString()}`;
