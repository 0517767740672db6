import type { Backend, Change, JobState } from '../backend/backend.ts';
import type { RunRecord } from '../dispatch/run.ts';

// Names of jobs hold no colon, so these entries among the job states cannot be mistaken for jobs.
const prefix = 'failing:';
// No job's name is empty: this one says that the others are kept.
const marker = prefix;

/**
 * The jobs whose last run to end was a failure: the next success of each is a recovery. Kept in the
 * ledger, in the commit of the end itself. The records alone could not tell after a restart: the one
 * made last may be a skipped time, or not the one that ended last, or pruned.
 */
export class FailingJobs {
  private readonly names = new Set<string>();
  private isMarked = false;

  has(job: string): boolean {
    return this.names.has(job);
  }

  /** What the end of this run says about its job. */
  note({ job, state }: RunRecord, changes: Change[]): void {
    if (job === undefined) return;
    if (state === 'succeeded') this.forget(job, changes);
    else if (isFailure(state)) this.add(job, changes);
  }

  add(job: string, changes: Change[]): void {
    if (this.names.has(job)) return;
    this.names.add(job);
    if (!this.isMarked) changes.push({ kind: 'job-state', state: entry(marker) });
    this.isMarked = true;
    changes.push({ kind: 'job-state', state: entry(prefix + job) });
  }

  forget(job: string, changes: Change[]): void {
    if (this.names.delete(job)) changes.push({ kind: 'forget-job', job: prefix + job });
  }

  rename(from: string, to: string, changes: Change[]): void {
    if (!this.has(from)) return;
    this.forget(from, changes);
    this.add(to, changes);
  }

  /** From the ledger; from the latest records when that was last written by an older jobsd. */
  async restore(backend: Backend, changes: Change[]): Promise<void> {
    for (const { job } of await backend.jobStates()) {
      if (job === marker) this.isMarked = true;
      else if (job.startsWith(prefix)) this.names.add(job.slice(prefix.length));
    }
    if (this.isMarked) return;
    for (const run of await backend.latestRuns()) this.note(run, changes);
  }
}

/** The job that an entry of the job states is about, be it the job's own or that it is failing. */
export function jobOfState(name: string): string {
  return name.startsWith(prefix) && name !== marker ? name.slice(prefix.length) : name;
}

/** Whether an entry of the job states is about failing jobs in general. */
export function isFailingMarker(name: string): boolean {
  return name === marker;
}

const isFailure = (state: RunRecord['state']) =>
  state === 'failed' || state === 'timed-out' || state === 'lost';

const entry = (job: string): JobState => ({
  job,
  scheduleKey: '',
  anchorAt: 0,
  cursorAt: 0,
  occurrences: 0,
});
