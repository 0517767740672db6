import type { JobState, PauseState } from '../backend/backend.ts';
import type { CancelTimer, Clock, Instant } from '../clock/clock.ts';
import type { SnapshotDiff } from '../config/diff-snapshots.ts';
import type { JobDefinition, Snapshot } from '../config/snapshot.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { JobsdError } from '../errors.ts';
import { calendarRuleKey } from '../schedule/calendar-rule.ts';
import { isUsedUp, nextWithin } from '../schedule/progress.ts';
import { Timetable } from '../schedule/timetable.ts';
import { Alarm } from './alarm.ts';
import { ClockWatch } from './clock-watch.ts';
import { comeBack, forgetAccounted, isAccountOf, restoreAccounted } from './come-back.ts';
import type { Dispatcher } from './dispatcher.ts';
import { failPoint } from './fail-point.ts';
import { isFailingMarker, jobOfState } from './failing-jobs.ts';
import { heritage } from './heritage.ts';
import type { Journal } from './journal.ts';
import { notFound } from './not-found.ts';
import { OccurrenceTaker } from './occurrence-taker.ts';
import { isPauseKey, Pauses, type PauseTarget } from './pauses.ts';
import { isRateKey } from './rate-states.ts';
import { renameRuns } from './rename-runs.ts';
import { isClockKey, RepeatedTime } from './repeated-time.ts';
import {
  byPriority,
  jobState,
  readStateKey,
  type ScheduledJob,
  stateKey,
} from './scheduled-job.ts';
import { emptyStep, type Step, statesLast } from './step.ts';
import type { TicketMaker } from './ticket-maker.ts';

export interface SchedulerEvents {
  clockJumped(byMs: number, now: Instant): void;
  /** Occurrences that will not run, kept as one record. */
  stretch(run: RunRecord): void;
  /** So many more occurrences went into a record of which `stretch` was told. */
  stretchGrew?(job: string, grown: { readonly reason: string; readonly count: number }): void;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly dispatcher: Dispatcher;
  readonly tickets: TicketMaker;
  readonly events: SchedulerEvents;
}

// So many jobs are taken up in one turn of the event loop; results come in between.
const jobsPerTurn = 250;

// A loop that was held up for longer than this (a stopped process, a disk that stood still) has a
// gap behind it, in which nobody fired: what fell into it is caught up by rule, not in a flood.
const stallMs = 5000;

/**
 * The loop: one timetable, one alarm. Takes what is due, writes it, moves the cursors, and hands it
 * to the dispatcher, all in one step; then sets the alarm to the next instant.
 */
export class Scheduler {
  private readonly options: SchedulerOptions;
  private readonly timetable = new Timetable();
  private readonly jobs: (ScheduledJob | undefined)[] = [];
  private readonly byName = new Map<string, ScheduledJob>();
  private readonly freeSlots: number[] = [];
  readonly pauses = new Pauses();
  private readonly taker: OccurrenceTaker;
  private readonly alarm: Alarm;
  private readonly watch: ClockWatch;
  private readonly repeated = new RepeatedTime();
  private gapEndAt: Instant;
  private expectedAt: Instant | undefined;
  private cancelTurn: CancelTimer | undefined;
  private isRunning = false;

  constructor(options: SchedulerOptions) {
    this.options = options;
    const { dispatcher, tickets, events } = options;
    this.taker = new OccurrenceTaker({
      dispatcher,
      tickets,
      pauses: this.pauses,
      repeated: this.repeated,
      onStretch: events.stretch,
      ...(events.stretchGrew === undefined ? {} : { onGrowth: events.stretchGrew }),
    });
    this.alarm = new Alarm(options.clock, () => this.tick());
    this.watch = new ClockWatch(options.clock);
    this.gapEndAt = options.clock.now();
  }

  job(name: string): ScheduledJob | undefined {
    return this.byName.get(name);
  }

  get scheduled(): Iterable<ScheduledJob> {
    return this.byName.values();
  }

  /** From the ledger to the first tick. What happened until now was a gap. */
  start(snapshot: Snapshot, states: readonly JobState[]): void {
    const now = this.options.clock.now();
    this.gapEndAt = now;
    const step = emptyStep();
    if (this.repeated.restore(states, now))
      step.changes.push({ kind: 'job-state', state: this.repeated.state });
    const known = new Map(states.map((state) => [state.job, state]));
    for (const job of snapshot.jobs.values()) this.add(job, known, now, step);
    this.pauses.restore(states);
    for (const key of known.keys()) {
      const name = jobOfState(key);
      const isOfAll =
        isPauseKey(name) || isFailingMarker(name) || isRateKey(name) || isClockKey(name);
      const isKept = snapshot.jobs.has(name) || isOfAll || isAccountOf(this.byName, key);
      if (!isKept) this.forget(name, step);
    }
    this.options.dispatcher.commit(step);
    this.isRunning = true;
    this.tick();
  }

  stop(): void {
    this.isRunning = false;
    this.alarm.stop();
    this.cancelTurn?.();
  }

  /**
   * Puts a new snapshot in force, touching only what differs. What was due until this instant is
   * taken up by the old one first; new and changed schedules start strictly after it.
   */
  apply(snapshot: Snapshot, { jobs }: Pick<SnapshotDiff, 'jobs'>): void {
    this.takeAllDue();
    const now = this.options.clock.now();
    const step = emptyStep();
    const renamed = new Map<string, JobState>();
    for (const { from } of jobs.renamed) this.remove(from, step, renamed);
    for (const name of jobs.removed) this.remove(name, step);
    for (const { name } of jobs.renamed) this.add(definitionOf(snapshot, name), renamed, now, step);
    for (const name of jobs.added) this.add(definitionOf(snapshot, name), noStates, now, step);
    for (const { name } of jobs.changed) this.change(definitionOf(snapshot, name), now, step);
    this.options.dispatcher.commit(step);
    this.rearm();
  }

  /** Nobody fired until now (the ledger could not be written, say): what was due meanwhile is caught up. */
  noteGap(): void {
    this.gapEndAt = this.options.clock.now();
    this.tick();
  }

  /**
   * Pauses or resumes; `undefined` resumes. What falls into a pause is skipped and never caught up.
   * With `asked` it is taken back when the ledger refuses it.
   */
  setPaused(
    target: PauseTarget,
    paused: PauseState | undefined,
    asked?: { durable(): void; refused(error: JobsdError): void },
  ): void {
    this.takeAllDue();
    const before =
      target.kind === 'job' ? this.byName.get(target.name)?.paused : this.pauses.on(target);
    const change = { kind: 'job-state', state: this.pausedState(target, paused) } as const;
    const refused = (error: JobsdError) => {
      // Written too: what happened to the job meanwhile was written with the pause in its state.
      const isThere = target.kind !== 'job' || this.byName.has(target.name);
      if (isThere) this.setPaused(target, before);
      asked?.refused(error);
    };
    this.options.journal.write([change], asked?.durable, asked && refused);
    this.rearm();
  }

  private pausedState(target: PauseTarget, paused: PauseState | undefined): JobState {
    if (target.kind !== 'job') return this.pauses.set(target, paused);
    const scheduled = this.byName.get(target.name);
    if (!scheduled) throw notFound('JOBSD_JOB_NOT_FOUND', target.name, this.byName.keys());
    scheduled.paused = paused;
    scheduled.stretch = undefined;
    return jobState(scheduled);
  }

  /** One look at the clock and one turn of what is due. */
  tick(): void {
    if (!this.isRunning || this.options.journal.troubled) return;
    this.lookAtClock();
    this.takeTurn();
  }

  private lookAtClock(): void {
    const now = this.options.clock.now();
    const { jumpMs, elapsedMs } = this.watch.look();
    if (jumpMs !== 0) this.options.events.clockJumped(jumpMs, now);
    const isStalled =
      this.expectedAt !== undefined && now - this.expectedAt > stallMs && elapsedMs > stallMs;
    if (jumpMs > 0 || isStalled) this.gapEndAt = now;
    const isBack = this.repeated.look(now);
    if (jumpMs < 0) this.goBackTo(now, isBack);
    if (this.gapEndAt > now) this.gapEndAt = now;
  }

  private takeTurn(): void {
    this.cancelTurn = undefined;
    const mayBeMore = this.takeDue(jobsPerTurn);
    if (mayBeMore) this.cancelTurn = this.options.clock.after(0, () => this.takeTurn());
    else this.rearm();
  }

  /** Before something changes; what nobody has noticed yet about the clock or the disk counts first. */
  private takeAllDue(): void {
    this.lookAtClock();
    if (this.options.journal.troubled) this.gapEndAt = this.options.clock.now();
    while (this.takeDue(jobsPerTurn));
  }

  /** Whether it took as many as it may, so that there may be more. */
  private takeDue(limit: number): boolean {
    const now = this.options.clock.now();
    // Most looks at the clock find nothing due.
    if ((this.timetable.nextAt() ?? now + 1) > now) return false;
    this.repeated.look(now);
    const slots = byPriority(this.timetable.takeDue(now, limit), this.jobs);
    const step = emptyStep();
    for (const slot of slots) {
      const scheduled = this.jobs[slot];
      if (!scheduled) continue;
      const next = this.taker.take(scheduled, { now, gapEndAt: this.gapEndAt }, step);
      this.enter(scheduled, next);
    }
    failPoint('taken-up');
    this.options.dispatcher.commit(statesLast(step));
    return slots.length === limit;
  }

  private rearm(): void {
    if (!this.isRunning || this.cancelTurn) return;
    this.expectedAt = this.timetable.nextAt();
    this.alarm.set(this.expectedAt);
  }

  /** A job that was not there: goes on where the ledger left it, or begins strictly after now. */
  private add(
    job: JobDefinition,
    known: ReadonlyMap<string, JobState>,
    now: Instant,
    step: Step,
  ): void {
    const state = known.get(job.name) ?? (job.renamedFrom ? known.get(job.renamedFrom) : undefined);
    const keyed = this.options.tickets.keyed(job);
    const scheduled: ScheduledJob = {
      slot: this.freeSlots.pop() ?? this.jobs.length,
      job,
      definition: keyed.definition,
      definitionKey: keyed.key,
      progress: { cursorAt: now, anchorAt: now, occurrences: 0 },
      paused: state?.paused,
      nextNominalAt: undefined,
      stretch: undefined,
    };
    this.jobs[scheduled.slot] = scheduled;
    this.byName.set(job.name, scheduled);
    if (state) this.goOn(scheduled, { state, known }, now, step);
    if (!state || state.scheduleKey !== stateKey(job) || state.job !== job.name) {
      step.changes.push({ kind: 'job-state', state: jobState(scheduled) });
    }
    this.enterNext(scheduled);
  }

  /** Takes over what the ledger knows: progress where the schedule is the same, history in any case. */
  private goOn(
    scheduled: ScheduledJob,
    { state, known }: { state: JobState; known: ReadonlyMap<string, JobState> },
    now: Instant,
    step: Step,
  ): void {
    const { job } = scheduled;
    if (state.job !== job.name) {
      const names = { from: state.job, to: job.name };
      renameRuns(this.options.dispatcher, names, step.changes);
    }
    const { isSame, wasDisabled } = readStateKey(state, job);
    if (!isSame) return;
    scheduled.progress = progressOf(state);
    restoreAccounted(scheduled, known);
    comeBack(scheduled, now, step.changes);
    if (wasDisabled && job.enabled) this.taker.skipUpTo(scheduled, now, 'disabled', step);
  }

  private change(job: JobDefinition, now: Instant, step: Step): void {
    const scheduled = this.byName.get(job.name);
    if (!scheduled) return;
    const before = scheduled.job;
    const isOtherSchedule = before.schedule.key !== job.schedule.key;
    const wasUsedUp = isUsedUp(before.schedule, scheduled.progress);
    const isOtherRule = calendarsKey(before) !== calendarsKey(job);
    if (isOtherSchedule) this.skipJittered(scheduled, now, step);
    const keyed = this.options.tickets.keyed(job);
    Object.assign(scheduled, { job, definition: keyed.definition, definitionKey: keyed.key });
    if (isOtherSchedule) {
      forgetAccounted(scheduled, step.changes);
      scheduled.progress = { cursorAt: now, anchorAt: now, occurrences: 0 };
      // More repeats for a schedule that has had all of them: what lies between was never to be.
      // Other calendars could move what was excluded to a time that is over by now.
    } else if (wasUsedUp || isOtherRule) {
      const { progress, nextNominalAt = Number.POSITIVE_INFINITY } = scheduled;
      // What waits for its jitter to run out still comes.
      const upTo = wasUsedUp ? now : Math.min(now, nextNominalAt - 1);
      scheduled.progress = { ...progress, cursorAt: Math.max(progress.cursorAt, upTo) };
    }
    if (isOtherSchedule || wasUsedUp || isOtherRule || before.enabled !== job.enabled) {
      scheduled.stretch = undefined;
      step.changes.push({ kind: 'job-state', state: jobState(scheduled) });
    }
    this.enterNext(scheduled);
  }

  /** Takes out what is no longer declared; `states` gets its state, for who takes it over. */
  private remove(name: string, step: Step, states?: Map<string, JobState>): void {
    const scheduled = this.byName.get(name);
    if (!scheduled) return;
    if (states) states.set(name, heritage(scheduled, this.options.clock.now()));
    else this.skipJittered(scheduled, this.options.clock.now(), step);
    this.timetable.delete(scheduled.slot);
    this.jobs[scheduled.slot] = undefined;
    this.freeSlots.push(scheduled.slot);
    this.byName.delete(name);
    forgetAccounted(scheduled, step.changes);
    if (states) step.changes.push({ kind: 'forget-job', job: name });
    else this.forget(name, step);
  }

  private forget(job: string, { changes }: Step): void {
    changes.push({ kind: 'forget-job', job });
    this.options.dispatcher.reactions.failing.forget(job, changes);
  }

  /** An occurrence whose time has come, and whose jitter has not, when its schedule goes. */
  private skipJittered(scheduled: ScheduledJob, now: Instant, step: Step): void {
    const { nextNominalAt } = scheduled;
    if (nextNominalAt === undefined || nextNominalAt > now) return;
    this.taker.skipUpTo(scheduled, now, 'edited', step);
  }

  private enterNext(scheduled: ScheduledJob): void {
    const nominalAt = nextWithin(
      scheduled.job.schedule,
      scheduled.progress,
      scheduled.job.calendars,
    );
    const next =
      nominalAt === undefined
        ? undefined
        : { nominalAt, plannedAt: this.taker.plan(scheduled, nominalAt) };
    this.enter(scheduled, next);
  }

  private enter(
    scheduled: ScheduledJob,
    next: { nominalAt: Instant; plannedAt: Instant } | undefined,
  ): void {
    scheduled.nextNominalAt = next?.nominalAt;
    if (next) this.timetable.set(scheduled.slot, next.plannedAt);
    else this.timetable.delete(scheduled.slot);
  }

  /** The clock was wrong by hours and has been corrected: the cursors it carried ahead come back. */
  private goBackTo(now: Instant, isBack: boolean): void {
    const step = emptyStep();
    if (isBack) step.changes.push({ kind: 'job-state', state: this.repeated.state });
    for (const scheduled of this.byName.values()) {
      if (comeBack(scheduled, now, step.changes)) this.enterNext(scheduled);
    }
    this.options.dispatcher.commit(step);
  }
}

const calendarsKey = ({ calendars }: JobDefinition) => calendars && calendarRuleKey(calendars);

const progressOf = ({ cursorAt, anchorAt, occurrences }: JobState) => ({
  cursorAt,
  anchorAt,
  occurrences,
});

const noStates: ReadonlyMap<string, JobState> = new Map();

function definitionOf(snapshot: Snapshot, name: string): JobDefinition {
  const job = snapshot.jobs.get(name);
  if (!job) throw new Error(`the difference names job "${name}", which the snapshot lacks`);
  return job;
}
