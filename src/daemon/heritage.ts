import type { JobState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import { isUsedUp } from '../schedule/progress.ts';
import { jobState, type ScheduledJob } from './scheduled-job.ts';

/** What a renamed job takes over. */
export function heritage(scheduled: ScheduledJob, now: Instant): JobState {
  const { job, progress } = scheduled;
  const state = jobState(scheduled);
  if (!isUsedUp(job.schedule, progress)) return state;
  // More repeats for a schedule that has had all of them: what lies between was never to be.
  return { ...state, cursorAt: Math.max(progress.cursorAt, now) };
}
