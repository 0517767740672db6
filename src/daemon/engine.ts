import type { Backend } from '../backend/backend.ts';
import type { Clock, Milliseconds } from '../clock/clock.ts';
import { builtInServices } from '../config/built-in-services.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { type BacklogLimit, mostOfAll, mostOfOne, mostPayload } from '../dispatch/backlog.ts';
import { waitsInLine } from '../dispatch/decide-overlap.ts';
import type { Limits } from '../dispatch/occupancy.ts';
import type { RunId, RunRecord } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import { JobsdError } from '../errors.ts';
import type { Executor } from '../host/executor.ts';
import { Dispatcher } from './dispatcher.ts';
import type { DispatcherEvents } from './dispatcher-options.ts';
import { EndWaiters } from './end-waiters.ts';
import { Journal, type JournalEvents } from './journal.ts';
import { makeReaction } from './make-reaction.ts';
import { notFound } from './not-found.ts';
import { Reactions } from './reactions.ts';
import { emptyStep, type Step } from './step.ts';
import { bareName, nameOfService, type Request, TicketMaker } from './ticket-maker.ts';

export interface EngineOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backend: Backend;
  readonly executor: Executor;
  /** Services that come with jobsd: they run in the daemon itself. */
  readonly isBuiltIn: (service: string) => boolean;
  readonly events: DispatcherEvents & JournalEvents;
  /** The project's git commit, if it has one. */
  readonly commit?: string;
}

/**
 * Everything between "this shall run" and "this has ended": the ledger's journal, the dispatcher and
 * the makers of runs. The daemon adds the clockwork to it; a single `run` without a daemon does not.
 */
export class Engine {
  readonly journal: Journal;
  readonly dispatcher: Dispatcher;
  readonly tickets: TicketMaker;
  readonly reactions: Reactions;
  private readonly options: EngineOptions;
  private readonly waiters = new EndWaiters();
  private current: Snapshot;

  constructor(snapshot: Snapshot, options: EngineOptions) {
    this.options = options;
    this.current = snapshot;
    this.tickets = new TicketMaker(options.clock, options.random);
    this.tickets.revision = snapshot.revision;
    this.tickets.commit = options.commit;
    this.journal = new Journal({
      backend: options.backend,
      clock: options.clock,
      events: options.events,
    });
    this.reactions = new Reactions((due, cause, changes) =>
      makeReaction({ snapshot: this.current, tickets: this.tickets }, due, cause, changes),
    );
    this.dispatcher = new Dispatcher({
      clock: options.clock,
      random: options.random,
      journal: this.journal,
      executor: options.executor,
      limits: this.limits(),
      reactions: this.reactions,
      events: {
        ...options.events,
        ended: (run) => {
          this.waiters.tell(run);
          options.events.ended(run);
        },
      },
    });
  }

  get snapshot(): Snapshot {
    return this.current;
  }

  /** New runs are made from this snapshot; those under way keep what they were made with. */
  use(snapshot: Snapshot, commit?: string): void {
    this.current = snapshot;
    this.tickets.commit = commit;
    this.tickets.revision = snapshot.revision;
    this.dispatcher.setLimits(this.limits());
  }

  /**
   * Starts a job now, whatever its schedule. Resolves with its record once that is durable.
   * Rejects with JOBSD_JOB_NOT_FOUND, JOBSD_QUEUE_FULL.
   */
  async runJob(name: string, request: Request): Promise<RunRecord> {
    const job = this.current.jobs.get(name);
    if (!job) throw this.noJob(name);
    // Before the definition counts as stored: a step that is refused stores nothing.
    this.refuseUnlessOpen();
    if (waitsInLine(job.overlap)) this.refuseWhenFull(name);
    const keyed = this.tickets.keyed(job);
    const step = emptyStep();
    this.tickets.store(keyed, step.changes);
    return this.submit(this.tickets.ofRequest(job, keyed, request), step);
  }

  /** Runs a service without a job. Rejects with JOBSD_SERVICE_NOT_FOUND, JOBSD_QUEUE_FULL. */
  async invoke(service: string, request: Request): Promise<RunRecord> {
    const declared = this.current.services.get(service);
    if (!declared && !this.options.isBuiltIn(service)) {
      const known = [...this.current.services.keys(), ...builtInServices];
      throw notFound('JOBSD_SERVICE_NOT_FOUND', service, known);
    }
    this.refuseUnlessOpen();
    this.refuseWhenFull(nameOfService(service));
    const step = emptyStep();
    return this.submit(this.tickets.ofService(service, declared, request, step.changes), step);
  }

  /** The record at the run's end, or as it is after `timeoutMs`. Rejects with JOBSD_RUN_NOT_FOUND. */
  async waitForEnd(id: RunId, timeoutMs: Milliseconds): Promise<RunRecord> {
    const waiter = this.waiters.wait(id);
    const cancelTimer = this.options.clock.after(timeoutMs, waiter.giveUp);
    try {
      const run = await this.run(id);
      if (!isUnfinished(run)) return run;
      return (await waiter.ended) ?? (await this.run(id));
    } finally {
      cancelTimer();
      waiter.giveUp();
    }
  }

  /** Rejects with JOBSD_RUN_NOT_FOUND. */
  async run(id: RunId): Promise<RunRecord> {
    const run = await this.options.backend.run(id);
    if (!run) {
      throw new JobsdError('JOBSD_RUN_NOT_FOUND', `"${id}" is not in the ledger. See: jobsd runs`);
    }
    return run;
  }

  /**
   * Starts nothing more, and resolves when what is under way has ended: after `timeoutMs` by force,
   * as lost. What waits or retries stays in the ledger.
   */
  async drain(timeoutMs: Milliseconds): Promise<void> {
    const drained = this.dispatcher.stop();
    // What is being written as started is handed over first: a closed executor would refuse it, and
    // that would be the end of a run that nobody has tried.
    if (!this.journal.troubled) await this.journal.idle();
    await this.options.executor.close(timeoutMs);
    await drained;
  }

  /** Throws JOBSD_DAEMON_STOPPING, and the trouble of the ledger while there is any. */
  refuseUnlessOpen(): void {
    if (this.dispatcher.stopping) throw new JobsdError('JOBSD_DAEMON_STOPPING');
    this.refuseInTrouble();
  }

  /**
   * Throws the trouble of the ledger while there is any. What is asked for meanwhile is not kept for
   * later: who asks would wait for nobody knows how long, and not know what became of it.
   */
  refuseInTrouble(): void {
    if (this.journal.trouble) throw this.journal.trouble;
  }

  /** The record, once it is durable; rejects when it will only be later, because of trouble. */
  async recorded(id: RunId): Promise<RunRecord> {
    try {
      await this.journal.durableNow();
    } catch (error) {
      const { trouble, broken } = this.journal;
      if (!(error instanceof JobsdError) || error !== trouble || broken) throw error;
      const kept = `"${id}" is kept, and starts when the ledger can be written again.`;
      throw new JobsdError(error.code, `${error.detail ?? ''} ${kept}`.trim(), { cause: error });
    }
    return this.run(id);
  }

  /** Throws JOBSD_QUEUE_FULL: who asks must know at once, and slow down. */
  refuseWhenFull(name: string): void {
    const limit = this.dispatcher.occupancy.backlog.limitFor(name);
    if (limit) throw new JobsdError('JOBSD_QUEUE_FULL', fullSentence(name, limit));
  }

  private noJob(name: string): JobsdError {
    const isService = this.current.services.has(name) || this.options.isBuiltIn(name);
    if (!isService) return notFound('JOBSD_JOB_NOT_FOUND', name, this.current.jobs.keys());
    return new JobsdError('JOBSD_JOB_NOT_FOUND', `"${name}" is a service: use jobsd invoke.`);
  }

  private async submit(ticket: Ticket, step: Step): Promise<RunRecord> {
    this.refuseUnlessOpen();
    this.dispatcher.offer(ticket, step);
    this.dispatcher.commit(step);
    return this.recorded(ticket.run.id);
  }

  private limits(): Limits {
    const { services, groups, daemon } = this.current;
    return {
      services,
      groups,
      hostCapacity: daemon.hosts * daemon.hostConcurrency,
      isInline: this.options.isBuiltIn,
    };
  }
}

const isUnfinished = (run: RunRecord) =>
  run.state === 'waiting' || run.state === 'running' || run.state === 'retrying';

const fullSentence = (name: string, limit: BacklogLimit) =>
  ({
    'of-one': `"${bareName(name)}" has ${mostOfOne}. Wait until some have run, or cancel them.`,
    'of-all': `There are ${mostOfAll} in all.`,
    payloads: `Their payloads have ${mostPayload} characters in all.`,
  })[limit];
