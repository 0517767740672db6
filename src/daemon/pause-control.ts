import type { PauseState } from '../backend/backend.ts';
import type { Clock, Instant } from '../clock/clock.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { JobsdError } from '../errors.ts';
import type { PauseName, PauseView } from './control.ts';
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
  private readonly scheduler: Scheduler;
  private readonly clock: Clock;
  private readonly snapshot: () => Snapshot;

  constructor(scheduler: Scheduler, clock: Clock, snapshot: () => Snapshot) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.snapshot = snapshot;
  }

  pause(name: PauseName, { until, actor, reason }: PauseOptions): PauseView {
    const target = this.target(name);
    const now = this.clock.now();
    const pause: PauseState = {
      at: now,
      ...(until === undefined ? {} : { until: futureInstant(until, now) }),
      ...(actor === undefined ? {} : { actor }),
      ...(reason === undefined ? {} : { reason }),
    };
    this.scheduler.setPaused(target, pause);
    return pauseView(target, pause);
  }

  resume(name: PauseName): void {
    this.scheduler.setPaused(this.target(name), undefined);
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
    const { jobs, groups } = this.snapshot();
    if (kind === 'job') {
      if (!jobs.has(target)) throw notFound('JOBSD_JOB_NOT_FOUND', target, jobs.keys());
      return { kind, name: target };
    }
    if (kind === 'group') {
      if (!groups.has(target)) throw notFound('JOBSD_GROUP_NOT_FOUND', target, groups.keys());
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

function pauseView(target: PauseTarget, { at, until, actor, reason }: PauseState): PauseView {
  return {
    target: target.kind === 'all' ? 'all' : `${target.kind}:${target.name}`,
    since: new Date(at).toISOString(),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
  };
}
