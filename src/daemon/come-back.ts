import type { Instant } from '../clock/clock.ts';
import type { ScheduledJob } from './scheduled-job.ts';

// A cursor that is ahead of a clock set back by less stays where it is: nothing fires twice, and
// nothing stands still for longer than this. By more the clock was wrong before, and the cursor
// goes back with it.
const shortSetBackMs = 3_600_000;

/** A cursor that is hours ahead of the clock, wherever that was set back, returns to it. */
export function comeBack(scheduled: ScheduledJob, now: Instant): boolean {
  const { cursorAt, anchorAt, occurrences } = scheduled.progress;
  if (cursorAt <= now + shortSetBackMs) return false;
  if (occurrences > 0) {
    scheduled.accountedUntil = Math.max(scheduled.accountedUntil ?? cursorAt, cursorAt);
  }
  scheduled.stretch = undefined;
  scheduled.progress = {
    ...scheduled.progress,
    cursorAt: now,
    anchorAt: Math.min(anchorAt, now),
  };
  return true;
}
