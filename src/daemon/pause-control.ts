import type { PauseState } from '../backend/backend.ts';
import type { Clock, Instant } from '../clock/clock.ts';
import { JobsdError } from '../errors.ts';
import type { Telemetry } from '../telemetry/events.ts';
import type { PauseName, PauseView } from './control.ts';
import type { Engine } from './engine.ts';
import { notFound } from './not-found.ts';
import { isInForce, type PauseTarget } from './pauses.ts';
import { readEnd } from './read-instant.ts';
import type { Scheduler } from './scheduler.ts';

interface PauseOptions {
  readonly actor?: string;
  readonly reason?: string;
  /** In the future: an ISO instant, in UTC unless it says otherwise, or a duration from now. */
  readonly until?: string;
}

/** Lays pauses on jobs, groups and everything, and lifts them. */
export class PauseControl {
  private readonly engine: Engine;
  private readonly scheduler: Scheduler;
  private readonly clock: Clock;
  private readonly telemetry: Telemetry | undefined;

  constructor(engine: Engine, scheduler: Scheduler, clock: Clock, telemetry?: Telemetry) {
    this.engine = engine;
    this.scheduler = scheduler;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  /** Resolves once it is durable; rejects, and has no effect, when the ledger cannot be written. */
  async pause(name: PauseName, { until, actor, reason }: PauseOptions): Promise<PauseView> {
    const target = this.target(name);
    const now = this.clock.now();
    const pause: PauseState = {
      at: now,
      ...(until === undefined ? {} : { until: futureInstant(until, now) }),
      ...(actor === undefined ? {} : { actor }),
      ...(reason === undefined ? {} : { reason }),
    };
    await this.lay(target, pause);
    const { at: _, until: untilAt, ...by } = pause;
    const event = { kind: 'paused', target: nameOf(target), ...by } as const;
    this.telemetry?.emit(untilAt === undefined ? event : { ...event, untilAt });
    return pauseView(target, pause);
  }

  /** As `pause`. */
  async resume(name: PauseName, { actor }: Pick<PauseOptions, 'actor'> = {}): Promise<void> {
    const target = this.target(name);
    await this.lay(target, undefined);
    const by = actor === undefined ? {} : { actor };
    this.telemetry?.emit({ kind: 'resumed', target: nameOf(target), ...by });
  }

  private lay(target: PauseTarget, pause: PauseState | undefined): Promise<void> {
    this.engine.refuseInTrouble();
    return new Promise((durable, refused) =>
      this.scheduler.setPaused(target, pause, { durable, refused }),
    );
  }

  /** The pauses in force: everything, groups, jobs. */
  list(): PauseView[] {
    const now = this.clock.now();
    const above = this.scheduler.pauses.inForce(now);
    const views = above.map(({ target, pause }) => pauseView(target, pause));
    for (const { job, paused } of this.scheduler.scheduled) {
      if (paused && isInForce(paused, now)) {
        views.push(pauseView({ kind: 'job', name: job.name }, paused));
      }
    }
    return views;
  }

  private target(name: PauseName): PauseTarget {
    if (name === 'all') return { kind: 'all' };
    const [, kind, target = ''] = /^(job|group):(.+)$/.exec(name) ?? [];
    const { jobs, groups } = this.engine.snapshot;
    if (kind === 'job') {
      if (!jobs.has(target)) throw notFound('JOBSD_JOB_NOT_FOUND', target, jobs.keys());
      return { kind, name: target };
    }
    if (kind === 'group') {
      // One that is declared no more can still be paused, and then resumed.
      const isPaused = this.scheduler.pauses.on({ kind, name: target }) !== undefined;
      if (!groups.has(target) && !isPaused)
        throw notFound('JOBSD_GROUP_NOT_FOUND', target, groups.keys());
      return { kind, name: target };
    }
    throw new JobsdError('JOBSD_INPUT_INVALID', `"${name}" is none of job:NAME, group:NAME, all.`);
  }
}

function futureInstant(text: string, now: Instant): Instant {
  const at = readEnd('until', text, 'UTC', now);
  if (at <= now) throw new JobsdError('JOBSD_INPUT_INVALID', `until: ${text} has passed.`);
  return at;
}

const nameOf = (target: PauseTarget): PauseName =>
  target.kind === 'all' ? 'all' : `${target.kind}:${target.name}`;

function pauseView(target: PauseTarget, { at, until, actor, reason }: PauseState): PauseView {
  return {
    target: nameOf(target),
    since: new Date(at).toISOString(),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
  };
}
