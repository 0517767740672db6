import type { Instant } from '../clock/clock.ts';
import { decideOverlap } from '../dispatch/decide-overlap.ts';
import { decideRetry } from '../dispatch/decide-retry.ts';
import { type Limits, Occupancy } from '../dispatch/occupancy.ts';
import type { RunId, RunRecord } from '../dispatch/run.ts';
import { runAgain } from '../dispatch/run-again.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import { WaitingQueue } from '../dispatch/waiting-queue.ts';
import type { RunEnd } from '../host/executor.ts';
import { type ActiveRun, ActiveRuns, endFields, retryFields } from './active-runs.ts';
import { cancelRunning } from './cancel-running.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { failPoint } from './fail-point.ts';
import { Parking } from './parking.ts';
import { noteRates } from './rate-states.ts';
import type { Reactions } from './reactions.ts';
import { Retries } from './retries.ts';
import { Room } from './room.ts';
import { runRequest } from './run-request.ts';
import { asUpdate, droppedOf, emptyStep, type Step } from './step.ts';
import { UnjudgedRuns } from './unjudged-runs.ts';
import { WaitingRuns } from './waiting-runs.ts';

/**
 * From a run that shall start to its end: overlap and limits, attempts, outcome. Every decision is a
 * pure function of `dispatch/`; here they meet the ledger and the executors, ledger first.
 */
export class Dispatcher {
  private readonly options: DispatcherOptions;
  readonly queue = new WaitingQueue();
  readonly occupancy: Occupancy;
  readonly reactions: Reactions;
  readonly active = new ActiveRuns();
  private readonly room: Room;
  private readonly waiting: WaitingRuns;
  private readonly parking: Parking;
  private readonly retries: Retries;
  readonly unjudged = new UnjudgedRuns();
  private isStopping = false;
  private emptyWaiters: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.reactions = options.reactions;
    this.occupancy = new Occupancy(options.limits);
    const { clock, executor } = options;
    this.room = new Room({ clock, executor, occupancy: this.occupancy });
    this.waiting = new WaitingRuns({
      clock,
      queue: this.queue,
      occupancy: this.occupancy,
      react: (definition, run, step) => this.react(definition, run, step),
    });
    this.parking = new Parking({
      clock,
      queue: this.queue,
      onRate: () => this.pump(),
    });
    this.retries = new Retries({
      clock,
      waitMs: (ticket) => this.room.waitMs(ticket),
      start: (active, step) => this.startAgain(active, step),
      onRate: () => this.pump(),
    });
  }

  get runningCount(): number {
    return this.active.size;
  }

  get stopping(): boolean {
    return this.isStopping;
  }

  get waitingCount(): number {
    return this.queue.size;
  }

  setLimits(limits: Limits): void {
    this.occupancy.setLimits(limits);
    this.parking.unparkAll();
    this.pump();
  }

  /**
   * A new run: starts, waits or is skipped, by its job's overlap policy and the limits. Nothing
   * happens while one of its id is on its way: a second one would take its place here, and its end.
   */
  offer(ticket: Ticket, step: Step): void {
    // Judged before others of its job whose turn comes first, it would overtake them.
    if (this.unjudged.hasOf(ticket.definition.name)) this.offerIfNew(ticket, step);
    else if (!this.isOnItsWay(ticket.run.id)) this.judge(ticket, step);
  }

  /** The same, where its record may be there already: then nothing happens at all. */
  offerIfNew(ticket: Ticket, step: Step): void {
    if (!this.isOnItsWay(ticket.run.id)) this.unjudged.record(ticket, step);
  }

  /** A new run that is on record as waiting: what comes of it goes into that record. */
  judgeRecorded(ticket: Ticket, step: Step): void {
    const before = step.changes.length;
    this.judge(ticket, step);
    const own = step.changes.splice(before).map((change) => asUpdate(change, ticket.run.id));
    step.changes.push(...own);
  }

  private judge(ticket: Ticket, step: Step): void {
    const { definition } = ticket;
    const decision = decideOverlap(definition.overlap, this.occupancy.situation(definition.name));
    switch (decision.kind) {
      case 'start':
        return this.startOrWait(ticket, step);
      case 'wait':
        return this.waitOrSkip(ticket, step);
      case 'skip':
        return this.skip(ticket, decision.reason, step);
      case 'wait-instead':
        this.waiting.skipOfJob(definition.name, 'overlap', step);
        return this.wait(ticket, step);
      case 'replace':
        this.waiting.skipOfJob(definition.name, 'replaced', step);
        this.wait(ticket, step);
        for (const id of this.active.ofJob(definition.name)) this.cancel(id, 'replaced', step);
        return;
      default:
        decision satisfies never;
    }
  }

  /** A dead run waits for one more attempt under its id. False when it does so already. */
  requeue(ticket: Ticket, step: Step): boolean {
    const { id, attempt } = ticket.run;
    if (this.isOnItsWay(id)) return false;
    const { fields, run } = runAgain(ticket.run);
    step.changes.push({ kind: 'update', id, ifAttempt: attempt, fields });
    this.waiting.announce({ ...ticket, run }, step);
    return true;
  }

  /** A run of an earlier life of the daemon that waited: it was judged then, and waits on. */
  restoreWaiting(ticket: Ticket): void {
    this.occupancy.wait(ticket);
    this.queue.add(ticket);
  }

  /** A run of an earlier life of the daemon that is between two attempts. */
  restoreRetrying(ticket: Ticket): void {
    this.retries.arm(this.enter(ticket, false));
  }

  /** Writes a step, then does what depends on it. */
  commit(step: Step): void {
    noteRates(this.occupancy, step.changes);
    if (step.changes.length === 0) return;
    this.options.journal.write(step.changes, (dropped) => this.afterCommit(step, dropped));
  }

  /** The executors' word on how attempts ended. What is not known (any more) changes nothing. */
  settle(ends: readonly RunEnd[]): void {
    failPoint('end-received');
    const step = emptyStep();
    const ended = ends.flatMap((end) => this.settleOne(end, step) ?? []);
    this.pump(step);
    // Those who waited have come before what these ends set off.
    for (const { definition, run } of ended) this.react(definition, run, step);
    this.commit(step);
  }

  /** Starts what waits, as far as there is room. */
  pump(into?: Step): void {
    if (this.isStopping || (this.queue.size === 0 && !this.retries.hasBlocked)) return;
    const step = into ?? emptyStep();
    this.retries.wake(step);
    for (;;) {
      const ticket = this.queue.takeFirst(this.room.isFor);
      if (!ticket) break;
      this.startWaiting(ticket, step);
    }
    if (!into) this.commit(step);
  }

  /**
   * Ends a run that waits, runs or retries. False when there is no such run. Part of the step that
   * is given: written on its own it would come before what that step says of the same run.
   */
  cancel(id: RunId, reason: string, into?: Step): boolean {
    const step = into ?? emptyStep();
    const active = this.active.get(id);
    if (!active && !this.waiting.cancel(id, reason, step)) return false;
    if (active) active.cancelReason ??= reason;
    if (active?.isRunning) cancelRunning(active, step, this.options.executor);
    else if (active) this.endCancelled(active, reason, step);
    else this.pump(step);
    if (!into) this.commit(step);
    return true;
  }

  /** Starts nothing more; resolves when nothing runs. What waits or retries stays in the ledger. */
  stop(): Promise<void> {
    this.isStopping = true;
    for (const active of this.active.all()) active.cancelTimer?.();
    this.parking.stop();
    if (!this.active.hasRunning()) return Promise.resolve();
    return new Promise((resolve) => this.emptyWaiters.push(resolve));
  }

  /** The run waits for another one: its place in a host is free until what this gives is called. */
  lendPlace(id: RunId): () => void {
    const ticket = this.active.get(id)?.ticket;
    if (ticket?.run.state !== 'running') return () => {};
    this.occupancy.lend(ticket);
    this.pump();
    return () => this.occupancy.takeBack(ticket);
  }

  private isOnItsWay(id: RunId): boolean {
    return this.active.get(id) !== undefined || this.queue.has(id) || this.unjudged.has(id);
  }

  private judgeIfNew(ticket: Ticket, isDropped: boolean): void {
    this.unjudged.delete(ticket);
    if (isDropped) return;
    const step = emptyStep();
    this.judgeRecorded(ticket, step);
    this.commit(step);
  }

  private startOrWait(ticket: Ticket, step: Step): void {
    // They came before, and could wait for ever where new ones come as fast as a rate lets them start.
    if (this.retries.hasBlocked) this.retries.wake(step);
    if (this.isStopping || this.room.waitMs(ticket) > 0) return this.waitOrSkip(ticket, step);
    const now = this.options.clock.now();
    const run: RunRecord = { ...ticket.run, state: 'running', attempt: 1, startedAt: now };
    step.changes.push({ kind: 'record', run });
    this.begin({ ...ticket, run }, now, step);
  }

  private waitOrSkip(ticket: Ticket, step: Step): void {
    const limit = this.occupancy.backlog.limitFor(ticket.definition.name);
    if (limit === undefined) this.wait(ticket, step);
    else this.skip(ticket, 'queue-full', step);
  }

  private wait(ticket: Ticket, step: Step): void {
    step.changes.push({ kind: 'record', run: ticket.run });
    this.waiting.announce(ticket, step);
  }

  private skip(ticket: Ticket, reason: string, step: Step): void {
    const endedAt = this.options.clock.now();
    const run: RunRecord = { ...ticket.run, state: 'skipped', reason, endedAt };
    step.changes.push({ kind: 'record', run });
    step.ended.push(run);
    this.react(ticket.definition, run, step);
  }

  private startWaiting(ticket: Ticket, step: Step): void {
    const now = this.options.clock.now();
    const { name, overlap } = ticket.definition;
    if (overlap !== 'allow' && this.occupancy.active(name) > 0) {
      return this.queue.park(`job:${name}`, ticket);
    }
    const obstacle = this.occupancy.obstacle(ticket, now);
    if (obstacle) return this.parking.behind(obstacle, ticket);
    this.occupancy.waitNoMore(ticket);
    const { id, attempt } = ticket.run;
    const fields = { state: 'running', attempt: attempt + 1, startedAt: now } as const;
    step.changes.push({ kind: 'update', id, ifAttempt: attempt, fields });
    this.begin({ ...ticket, run: { ...ticket.run, ...fields } }, now, step);
  }

  /** The attempt occupies its place from here on, although it is handed over only after the commit. */
  private begin(ticket: Ticket, now: Instant, step: Step): void {
    const active = this.active.get(ticket.run.id);
    if (active) {
      this.occupancy.backlog.remove(active.ticket);
      Object.assign(active, { ticket, isRunning: true, cancelTimer: undefined });
    } else this.enter(ticket, true);
    this.occupancy.start(ticket, now);
    step.started.push(ticket);
  }

  private enter(ticket: Ticket, isRunning: boolean): ActiveRun {
    this.occupancy.enter(ticket.definition.name);
    if (!isRunning) this.occupancy.backlog.add(ticket);
    return this.active.add(ticket, isRunning);
  }

  private leave({ ticket, isRunning }: ActiveRun): void {
    const { name, service, group } = ticket.definition;
    if (!isRunning) this.occupancy.backlog.remove(ticket);
    this.active.delete(ticket);
    this.occupancy.leave(name);
    this.queue.unparkFirst(`job:${name}`);
    this.parking.unpark(service, group);
  }

  private afterCommit(step: Step, droppedOfAll: ReadonlySet<RunId>): void {
    const dropped = droppedOf(step, droppedOfAll);
    for (const ticket of step.queued) this.waiting.admit(ticket, dropped.has(ticket.run.id));
    for (const ticket of step.unjudged ?? []) this.judgeIfNew(ticket, dropped.has(ticket.run.id));
    for (const ticket of step.started) this.handOver(ticket, dropped.has(ticket.run.id));
    if (step.ended.length > 0) failPoint('settled');
    for (const run of step.ended) if (!dropped.has(run.id)) this.options.events.ended(run);
    step.whenKnown?.forEach((tell, id) => void tell(dropped.has(id)));
    if (step.queued.length > 0 || dropped.size > 0) this.pump();
    this.tellWhenEmpty();
  }

  private handOver(ticket: Ticket, isDropped: boolean): void {
    const active = this.active.get(ticket.run.id);
    if (!active) return;
    if (isDropped) {
      this.occupancy.end(ticket);
      return this.leave(active);
    }
    if (active.cancelReason !== undefined) {
      return this.settle([
        { id: ticket.run.id, attempt: ticket.run.attempt, outcome: 'cancelled' },
      ]);
    }
    failPoint('before-hand-over');
    const host = this.options.executor.start(runRequest(ticket));
    active.host = host;
    failPoint('handed-over');
    this.options.events.started(ticket.run, host);
  }

  private settleOne(end: RunEnd, step: Step) {
    const active = this.active.get(end.id);
    if (!active?.isRunning || active.ticket.run.attempt !== end.attempt) return;
    const { ticket } = active;
    this.occupancy.end(ticket);
    const attemptEnd = { outcome: end.outcome, attempt: end.attempt, ...end.retry };
    const decision = decideRetry(ticket.definition.retry, attemptEnd, this.options.random());
    if (decision.kind === 'end' || active.cancelReason !== undefined) {
      return this.end(active, end, step);
    }
    this.retryLater(active, end, decision.delayMs, step);
  }

  private end(active: ActiveRun, end: RunEnd, step: Step) {
    const { ticket } = active;
    const fields = endFields(active, end, this.options.clock.now());
    step.changes.push({ kind: 'update', id: end.id, ifAttempt: end.attempt, fields });
    const run = { ...ticket.run, ...fields };
    step.ended.push(run);
    this.leave(active);
    return { definition: ticket.definition, run };
  }

  private retryLater(active: ActiveRun, end: RunEnd, delayMs: number, step: Step): void {
    const { ticket } = active;
    const fields = retryFields(end, this.options.clock.now() + delayMs);
    step.changes.push({ kind: 'update', id: end.id, ifAttempt: end.attempt, fields });
    active.ticket = { ...ticket, run: { ...ticket.run, ...fields } };
    active.isRunning = false;
    this.occupancy.backlog.add(ticket);
    this.parking.unpark(ticket.definition.service, ticket.definition.group);
    if (!this.isStopping) this.retries.arm(active);
    this.options.events.retrying(active.ticket.run, end.outcome);
  }

  private startAgain({ ticket }: ActiveRun, into?: Step): void {
    const now = this.options.clock.now();
    const step = into ?? emptyStep();
    const { id, attempt } = ticket.run;
    const started = { state: 'running', attempt: attempt + 1, startedAt: now } as const;
    const fields = { ...started, retryAt: undefined };
    step.changes.push({ kind: 'update', id, ifAttempt: attempt, fields });
    const { retryAt: _, ...run } = { ...ticket.run, ...fields };
    this.begin({ ...ticket, run }, now, step);
    if (!into) this.commit(step);
  }

  private endCancelled(active: ActiveRun, reason: string, step: Step): void {
    active.cancelTimer?.();
    const { id, attempt } = active.ticket.run;
    const end = { id, attempt, outcome: 'cancelled' } as const;
    const { definition, run } = this.end({ ...active, cancelReason: reason }, end, step);
    this.pump(step);
    this.react(definition, run, step);
  }

  /** Offers what the job's `on` asks for at the end of this run. */
  react(definition: RunDefinition, run: RunRecord, step: Step): void {
    for (const { ticket, skipReason } of this.reactions.of(definition, run, step.changes)) {
      if (skipReason === undefined) this.offer(ticket, step);
      else this.skip(ticket, skipReason, step);
    }
  }

  private tellWhenEmpty(): void {
    if (!this.isStopping || this.active.hasRunning()) return;
    for (const resolve of this.emptyWaiters.splice(0)) resolve();
  }
}
