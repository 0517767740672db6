import type { Backend, Change, JobState } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import type { Occupancy } from '../dispatch/occupancy.ts';

// Names of jobs hold no colon, so these entries among the job states cannot be mistaken for jobs.
const prefix = 'rate:';

/**
 * Writes what a restart must know of the starts in groups with a rate: a row for each slice of the
 * window, in the commit of the starts themselves. The records alone could not tell: they know only
 * their last attempt, and may be pruned.
 */
export function noteRates(occupancy: Occupancy, changes: Change[]): void {
  for (const { group, slice } of occupancy.takeChangedRates()) {
    const job = `${prefix}${group}/${slice.index}`;
    const numbers = { anchorAt: 0, cursorAt: slice.lastAt, occurrences: slice.count };
    changes.push({ kind: 'job-state', state: { job, scheduleKey: '', ...numbers } });
  }
}

/** Lets groups go on with the windows of an earlier life; forgets those of groups without a rate. */
export async function restoreRates(
  { backend, clock }: { readonly backend: Backend; readonly clock: Clock },
  occupancy: Occupancy,
  changes: Change[],
): Promise<void> {
  const kept = (await backend.jobStates()).filter(({ job }) => isRateKey(job));
  for (const [group, states] of Map.groupBy(kept, groupOf)) {
    const slices = states.map(({ cursorAt, occurrences }) => ({
      lastAt: cursorAt,
      count: occurrences,
    }));
    if (occupancy.restoreRate(group, slices, clock.now())) continue;
    for (const { job } of states) changes.push({ kind: 'forget-job', job });
  }
}

/** Whether an entry of the job states is a slice of a window. */
export function isRateKey(job: string): boolean {
  return job.startsWith(prefix);
}

const groupOf = ({ job }: JobState) => job.slice(prefix.length, job.lastIndexOf('/'));
