import type { JobState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';

// Names of jobs hold no colon, so this entry among the job states cannot be mistaken for a job.
const key = 'clock:';

/**
 * The time that comes again after the clock was set back. An occurrence in it may be on record
 * already, and only the ledger can tell: until it has, nothing may be done on its behalf.
 */
export class RepeatedTime {
  private seenUntil = Number.NEGATIVE_INFINITY;
  private until = Number.NEGATIVE_INFINITY;

  has(at: Instant): boolean {
    return at <= this.until;
  }

  /** One look at the clock. True when it has been set back, and a state is to be written for it. */
  look(now: Instant): boolean {
    const isBack = now < this.seenUntil && this.seenUntil > this.until;
    if (isBack) this.until = this.seenUntil;
    else if (now > this.seenUntil) this.seenUntil = now;
    return isBack;
  }

  /** What an earlier life has seen: cursors go no further than its clock. True as `look` is. */
  restore(states: Iterable<JobState>, now: Instant): boolean {
    for (const { job, cursorAt } of states) {
      if (job === key) this.until = cursorAt;
      else if (cursorAt > this.seenUntil) this.seenUntil = cursorAt;
    }
    return this.look(now);
  }

  get state(): JobState {
    return { job: key, scheduleKey: '', anchorAt: 0, cursorAt: this.until, occurrences: 0 };
  }
}

/** Whether an entry of the job states is about the clock. */
export function isClockKey(job: string): boolean {
  return job === key;
}
