import type { Instant } from '../clock/clock.ts';
import type { RunRecord } from '../dispatch/run.ts';
import { occurrenceId } from '../dispatch/run-id.ts';
import { jitterMs } from '../schedule/jitter.ts';
import { occurrencesBetween } from '../schedule/occurrences-between.ts';
import { nextWithin } from '../schedule/progress.ts';
import { type MissedStretch, type TakeUp, takeUp } from '../schedule/take-up.ts';
import type { Dispatcher } from './dispatcher.ts';
import { describePauses, type LaidPause, type Pauses } from './pauses.ts';
import type { RepeatedTime } from './repeated-time.ts';
import {
  jobState,
  keyedOf,
  pausesEnded,
  pausesInForce,
  type ScheduledJob,
  standstill,
} from './scheduled-job.ts';
import { emptyStep, type Step } from './step.ts';
import type { TicketMaker } from './ticket-maker.ts';
import { proveMissed, unproved } from './unproved-stretch.ts';

export interface OccurrenceTakerOptions {
  readonly dispatcher: Dispatcher;
  readonly tickets: TicketMaker;
  readonly pauses: Pauses;
  readonly repeated: RepeatedTime;
  /** Occurrences that will not run, kept as one record. */
  readonly onStretch: (run: RunRecord) => void;
  /** More occurrences went into the record of a stretch that was told before. */
  readonly onGrowth?: (
    job: string,
    grown: { readonly reason: string; readonly count: number },
  ) => void;
}

/** The times in question: now, and the end of the last gap in which nobody fired. */
export interface TakingTimes {
  readonly now: Instant;
  readonly gapEndAt: Instant;
}

/** Turns what a job's schedule has produced into runs and records, each occurrence into exactly one. */
export class OccurrenceTaker {
  private readonly options: OccurrenceTakerOptions;

  constructor(options: OccurrenceTakerOptions) {
    this.options = options;
  }

  /**
   * Takes up all that is due, moves the job's cursor, and adds both to the step. Gives the next
   * occurrence, still to come.
   */
  take(scheduled: ScheduledJob, times: TakingTimes, step: Step): TakeUp['next'] {
    const { now, gapEndAt } = times;
    const reason = standstill(scheduled, this.options.pauses, now);
    if (reason === 'disabled') return this.skipUpTo(scheduled, now, reason, step);
    if (reason === 'paused') {
      const held = pausesInForce(scheduled, this.options.pauses, now);
      return this.skipUpTo(scheduled, now, pausedBy(held), step);
    }
    this.endPause(scheduled, step);
    const { job } = scheduled;
    const taken = takeUp({
      schedule: job.schedule,
      progress: scheduled.progress,
      now,
      gapEndAt,
      catchUp: job.catchUp,
      plan: (nominalAt) => this.plan(scheduled, nominalAt),
      ...(job.calendars === undefined ? {} : { calendars: job.calendars }),
    });
    scheduled.progress = taken.progress;
    this.recordExcluded(scheduled, taken, now, step);
    const missed = notOnRecord(scheduled, taken.missed);
    if (missed) this.recordMissed(scheduled, missed, now, step);
    if (taken.fire.length > 0) this.options.tickets.store(keyedOf(scheduled), step.changes);
    for (const occurrence of taken.fire) {
      const ticket = this.options.tickets.ofOccurrence(job, keyedOf(scheduled), occurrence);
      const isRepeated = this.options.repeated.has(occurrence.nominalAt);
      if (isRepeated) this.options.dispatcher.offerIfNew(ticket, step);
      else this.options.dispatcher.offer(ticket, step);
    }
    if (taken.missed || taken.excluded?.length || taken.fire.length > 0) {
      step.changes.push({ kind: 'job-state', state: jobState(scheduled) });
    }
    return taken.next;
  }

  /** What calendars exclude. A stretch goes on from one tick to the next while nothing fires between. */
  private recordExcluded(scheduled: ScheduledJob, taken: TakeUp, now: Instant, step: Step): void {
    const firstFireAt = taken.fire[0]?.nominalAt ?? Number.POSITIVE_INFINITY;
    for (const excluded of taken.excluded ?? []) {
      if (excluded.firstAt > firstFireAt) scheduled.stretch = undefined;
      this.growStretch(scheduled, excluded, now, step);
    }
    // What still grows reaches the cursor: pruning goes by that.
    if (taken.excluded?.at(-1)?.lastAt !== taken.progress.cursorAt) scheduled.stretch = undefined;
  }

  /** A pause that has run out: what fell into it was skipped, however late that is noticed. */
  private endPause(scheduled: ScheduledJob, step: Step): void {
    const ended = pausesEnded(scheduled, this.options.pauses, scheduled.progress.cursorAt);
    if (ended.length === 0) return;
    const endAt = Math.max(...ended.map((laid) => laid.endAt));
    this.skipUpTo(scheduled, endAt, pausedBy(ended), step);
  }

  private recordMissed(
    scheduled: ScheduledJob,
    missed: MissedStretch,
    now: Instant,
    step: Step,
  ): void {
    const { firstAt, lastAt, count, reason } = missed;
    const run: RunRecord = {
      ...this.stretchRecord(scheduled, firstAt, now),
      state: 'missed',
      reason,
      count,
      lastNominalAt: lastAt,
    };
    this.recordStretch(scheduled, run, step);
  }

  /**
   * After the clock was set back, perhaps in an earlier life, the first of these times may be on
   * record already. Then the ledger drops the whole stretch, and what follows gets one of its own.
   */
  private recordStretch(
    scheduled: ScheduledJob,
    run: RunRecord,
    step: Step,
    made: ScheduledJob = { ...scheduled },
  ): void {
    const isRepeated = this.options.repeated.has(run.nominalAt ?? run.plannedAt);
    if (isRepeated) this.recordUnproved(made, run, step);
    else {
      step.changes.push({ kind: 'record', run });
      this.tell(made, run, step);
    }
    const { cursorAt } = scheduled.progress;
    const { stretch } = scheduled;
    if (isRepeated) scheduled.stretch = undefined;
    step.whenKnown ??= new Map();
    step.whenKnown.set(run.id, (isDropped) => {
      const following = emptyStep();
      if (isDropped) {
        if (scheduled.stretch?.id === run.id) scheduled.stretch = undefined;
        const rest = withoutFirst(made, run);
        if (rest) this.recordStretch(scheduled, rest, following, made);
      } else if (isRepeated) {
        const { endedAt = run.plannedAt } = run;
        if (run.state === 'missed') proveMissed(run, endedAt, following.changes);
        this.tell(made, run, following);
        if (cursorAt === scheduled.progress.cursorAt) scheduled.stretch = stretch;
      }
      this.options.dispatcher.commit(following);
    });
  }

  /** Only what a missed stretch sets off has to wait for the ledger's word, and may get lost then. */
  private recordUnproved(made: ScheduledJob, run: RunRecord, { changes }: Step): void {
    const isMissed = run.state === 'missed';
    if (isMissed) this.options.tickets.store(keyedOf(made), changes);
    changes.push({ kind: 'record', run: isMissed ? unproved(run, made.definitionKey) : run });
  }

  private tell({ definition }: ScheduledJob, run: RunRecord, step: Step): void {
    this.options.onStretch(run);
    if (run.state === 'missed') this.options.dispatcher.react(definition, run, step);
  }

  /** While a job stands still its occurrences go into one growing record, and are never caught up. */
  skipUpTo(scheduled: ScheduledJob, upTo: Instant, reason: string, step: Step): TakeUp['next'] {
    const { missed, progress, next } = takeUp({
      schedule: scheduled.job.schedule,
      progress: scheduled.progress,
      now: upTo,
      gapEndAt: upTo,
      catchUp: catchUpNothing,
      // What has its time before then is skipped, whether its jitter has run out or not.
      plan: (nominalAt) => nominalAt,
    });
    scheduled.progress = progress;
    if (missed) {
      const grown = notOnRecord(scheduled, missed);
      if (grown) this.growStretch(scheduled, { ...grown, reason }, upTo, step);
      step.changes.push({ kind: 'job-state', state: jobState(scheduled) });
    }
    return next && { ...next, plannedAt: this.plan(scheduled, next.nominalAt) };
  }

  private growStretch(
    scheduled: ScheduledJob,
    grown: { firstAt: Instant; lastAt: Instant; count: number; reason: string },
    now: Instant,
    step: Step,
  ): void {
    const { stretch } = scheduled;
    if (stretch?.reason === grown.reason) {
      const count = stretch.count + grown.count;
      scheduled.stretch = { ...stretch, count };
      const fields = { count, lastNominalAt: grown.lastAt, endedAt: now };
      step.changes.push({ kind: 'update', id: stretch.id, ifAttempt: 0, fields });
      this.options.onGrowth?.(scheduled.job.name, grown);
      return;
    }
    const run: RunRecord = {
      ...this.stretchRecord(scheduled, grown.firstAt, now),
      state: 'skipped',
      reason: grown.reason,
      count: grown.count,
      lastNominalAt: grown.lastAt,
    };
    scheduled.stretch = { id: run.id, reason: grown.reason, count: grown.count };
    this.recordStretch(scheduled, run, step);
  }

  private stretchRecord(scheduled: ScheduledJob, firstAt: Instant, now: Instant) {
    return {
      id: occurrenceId(scheduled.job.name, firstAt),
      job: scheduled.job.name,
      service: scheduled.job.service,
      trigger: 'schedule',
      attempt: 0,
      nominalAt: firstAt,
      plannedAt: firstAt,
      endedAt: now,
      revision: this.options.tickets.revision,
      ...(this.options.tickets.commit === undefined ? {} : { commit: this.options.tickets.commit }),
      place: scheduled.definition.place,
    } as const;
  }

  /** When an occurrence starts: its nominal time, and the job's jitter after it. */
  plan(scheduled: ScheduledJob, nominalAt: Instant): Instant {
    const { job, progress } = scheduled;
    if (job.jitterMs === 0) return nominalAt;
    const after = { ...progress, cursorAt: nominalAt, occurrences: 0 };
    const next = nextWithin(job.schedule, after, job.calendars);
    return nominalAt + jitterMs(job.name, nominalAt, job.jitterMs, next);
  }
}

/**
 * What of a stretch has no record yet. After the clock was set back its times come again: a record
 * under the name of the first would be dropped, and with it those that are new.
 */
function notOnRecord(
  { job, progress, accountedUntil }: ScheduledJob,
  stretch: MissedStretch | undefined,
): MissedStretch | undefined {
  if (!stretch || accountedUntil === undefined || stretch.firstAt > accountedUntil) return stretch;
  const { lastAt } = stretch;
  // What calendars exclude has records of its own, and no part in this count.
  if (job.calendars) return lastAt > accountedUntil ? stretch : undefined;
  const rest = occurrencesBetween(job.schedule, accountedUntil, lastAt, progress.anchorAt, 0);
  if (rest.first === undefined) return undefined;
  return { ...stretch, firstAt: rest.first, count: rest.count };
}

function withoutFirst({ job, progress }: ScheduledJob, run: RunRecord): RunRecord | undefined {
  const { nominalAt = 0, lastNominalAt = 0, count = 1 } = run;
  const { anchorAt } = progress;
  const rest = occurrencesBetween(job.schedule, nominalAt, lastNominalAt, anchorAt, 0);
  if (rest.first === undefined || count <= 1) return undefined;
  const id = occurrenceId(job.name, rest.first);
  return { ...run, id, nominalAt: rest.first, plannedAt: rest.first, count: count - 1 };
}

const pausedBy = (laid: readonly LaidPause[]) => `paused: ${describePauses(laid)}`;

const catchUpNothing = { mode: 'none', limit: 0 } as const;
