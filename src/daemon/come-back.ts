import type { Change, JobState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import { jobState, type ScheduledJob } from './scheduled-job.ts';

// A cursor that is ahead of a clock set back by less stays where it is: nothing fires twice, and
// nothing stands still for longer than this. By more the clock was wrong before, and the cursor
// goes back with it.
const shortSetBackMs = 3_600_000;

/**
 * A cursor that is hours ahead of the clock, wherever that was set back, returns to it. Until where it
 * was, every time is on record: that is kept beside the cursor, or a stretch made in a later life could
 * begin with one of them, be dropped by the ledger, and be lost in a crash before it is made anew.
 */
export function comeBack(scheduled: ScheduledJob, now: Instant, changes: Change[]): boolean {
  const { cursorAt, anchorAt, occurrences } = scheduled.progress;
  if (cursorAt <= now + shortSetBackMs) return false;
  // Behind its first day there are times that have no record yet.
  const hasAll = occurrences > 0 && now >= anchorAt;
  if (hasAll) {
    scheduled.accountedUntil = Math.max(scheduled.accountedUntil ?? cursorAt, cursorAt);
    changes.push({ kind: 'job-state', state: accountedState(scheduled, scheduled.accountedUntil) });
  } else forgetAccounted(scheduled, changes);
  scheduled.stretch = undefined;
  scheduled.progress = {
    ...scheduled.progress,
    cursorAt: now,
    anchorAt: Math.min(anchorAt, now),
  };
  changes.push({ kind: 'job-state', state: jobState(scheduled) });
  return true;
}

// Names of jobs hold no colon, so these entries among the job states cannot be mistaken for jobs.
const prefix = 'accounted:';

/** What an earlier life knew of it. */
export function restoreAccounted(
  scheduled: ScheduledJob,
  states: ReadonlyMap<string, JobState>,
): void {
  const kept = states.get(accountedKey(scheduled.job.name));
  if (kept?.scheduleKey === scheduled.job.schedule.key) scheduled.accountedUntil = kept.anchorAt;
}

/** What was on record says nothing about other times. */
export function forgetAccounted(scheduled: ScheduledJob, changes: Change[]): void {
  if (scheduled.accountedUntil === undefined) return;
  scheduled.accountedUntil = undefined;
  changes.push({ kind: 'forget-job', job: accountedKey(scheduled.job.name) });
}

/** Whether an entry of the job states is what is kept of one of these jobs. */
export function isAccountOf(jobs: ReadonlyMap<string, ScheduledJob>, key: string): boolean {
  if (!key.startsWith(prefix)) return false;
  return jobs.get(key.slice(prefix.length))?.accountedUntil !== undefined;
}

const accountedKey = (job: string) => prefix + job;

// Not as a cursor: from cursors is seen how far the clock has ever been.
const accountedState = ({ job }: ScheduledJob, until: Instant): JobState => ({
  job: accountedKey(job.name),
  scheduleKey: job.schedule.key,
  anchorAt: until,
  cursorAt: 0,
  occurrences: 0,
});
