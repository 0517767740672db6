import type { JobState } from '../../../src/backend/backend.ts';
import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { PauseTarget } from '../../../src/daemon/pauses.ts';
import { type SimSchedule, scheduleInstants } from '../oracle/schedule-instants.ts';
import type { JobTrack, Pause, PauseAbove } from './chronicle.ts';
import type { SimJob } from './sim-job.ts';

export interface Now {
  readonly at: Instant;
  readonly ms: Milliseconds;
  /** The latest the wall clock has ever shown. */
  readonly latestAt: Instant;
  /** When the wall clock jumped last. */
  readonly jumpedMs: Milliseconds;
}

type Jobs = ReadonlyMap<string, SimJob>;
type States = ReadonlyMap<string, JobState>;

// Longer than it takes to notice that the clock was set back.
const noticedMs = 40_000;

/** Something done that may not be durable yet, and how a look at the disk tells whether it is. */
interface PendingOperation {
  readonly before: { tracks: JobTrack[]; above: PauseAbove[]; current: Map<string, JobTrack> };
  /** Undefined when the disk would look the same either way. */
  readonly isDurable: (states: States) => boolean | undefined;
}

/**
 * Which schedule of which job was in force when, by what the world did. What was not acknowledged
 * when a process was killed is taken back, unless the disk shows that it had happened.
 */
export class JobTracks {
  tracks: JobTrack[] = [];
  /** Pauses of groups and of everything. */
  above: PauseAbove[] = [];
  current = new Map<string, JobTrack>();
  private pending: PendingOperation[] = [];
  private readonly setBacks: Instant[] = [];

  get names(): readonly string[] {
    return [...this.current.keys()];
  }

  /** Jobs are put in force: by a restart, when nobody was there until now, or by a reload. */
  putInForce(jobs: Jobs, now: Now, restart?: { certainTo: Instant }): PendingOperation {
    const operation = this.begin();
    const fresh: string[] = [];
    const next = new Map<string, JobTrack>();
    for (const job of jobs.values()) {
      const isRenamed = job.renamedFrom !== undefined && !this.current.has(job.name);
      const old = this.current.get(isRenamed ? (job.renamedFrom ?? '') : job.name);
      if (old && sameTimes(old, job)) {
        next.set(job.name, continueTrack(old, job, now, restart !== undefined));
        continue;
      }
      next.set(job.name, newTrack(job, now, old?.pauses.at(-1)));
      fresh.push(job.name);
    }
    const kept = new Set(next.values());
    const gone: string[] = [];
    for (const [name, track] of this.current) {
      if (!next.has(name)) gone.push(name);
      if (!kept.has(track)) endTrack(track, now, restart);
    }
    for (const name of fresh) this.tracks.push(next.get(name) as JobTrack);
    this.current = next;
    const isDurable = (states: States) => {
      if (fresh.length > 0) {
        return fresh.every((name) => this.isAnchor(states.get(name)?.anchorAt, now.at));
      }
      return gone.length === 0
        ? undefined
        : states.size > 0 && !gone.some((name) => states.has(name));
    };
    return this.note({ ...operation, isDurable });
  }

  /** `until` undefined: until somebody resumes it. */
  pause(target: PauseTarget, now: Now, until: Instant | undefined): PendingOperation {
    const operation = this.begin();
    this.closePause(target, now);
    const pause: Pause = { fromAt: now.at };
    if (until !== undefined) pause.toAt = until;
    if (target.kind === 'job') this.current.get(target.name)?.pauses.push(pause);
    else this.above.push({ ...pause, key: keyOf(target) });
    const isDurable = (states: States) => states.get(keyOf(target))?.paused?.at === now.at;
    return this.note({ ...operation, isDurable });
  }

  resume(target: PauseTarget, now: Now): PendingOperation {
    const operation = this.begin();
    this.closePause(target, now);
    const isDurable = (states: States) =>
      states.size > 0 && states.get(keyOf(target))?.paused === undefined;
    return this.note({ ...operation, isDurable });
  }

  acknowledge(operation: PendingOperation): void {
    this.pending = this.pending.filter((other) => other !== operation);
  }

  /** The process is gone. */
  settle(states: readonly JobState[]): void {
    const byName = new Map(states.map((state) => [state.job, state]));
    // In order: what came before something durable is durable, whatever is left to see of it.
    const lastDurable = this.pending.findLastIndex((operation) => operation.isDurable(byName));
    const later = this.pending.slice(lastDurable + 1);
    const lost = later.find((operation) => operation.isDurable(byName) === false);
    this.pending = [];
    if (!lost) return;
    Object.assign(this, lost.before);
  }

  /** The wall clock went far back, behind where this was first seen. */
  loosen(now: Now): void {
    this.setBacks.push(now.at);
    for (const track of this.current.values()) {
      const { schedule, editions } = track;
      const countsFromAnchor = schedule.type === 'interval' && schedule.startAt === undefined;
      const isCounted = editions.some(({ job }) => job.repeats !== undefined);
      if (isCounted || (countsFromAnchor && track.anchorAt > now.at)) track.isLoose = true;
    }
  }

  /** On disk for what was first seen at `at`: that, or where a clock set back took it since. */
  private isAnchor(anchorAt: Instant | undefined, at: Instant): boolean {
    if (anchorAt === undefined || anchorAt >= at) return anchorAt === at;
    return this.setBacks.some((backAt) => anchorAt >= backAt && anchorAt <= backAt + noticedMs);
  }

  private closePause(target: PauseTarget, now: Now): void {
    const key = keyOf(target);
    const pause =
      target.kind === 'job'
        ? this.current.get(target.name)?.pauses.at(-1)
        : this.above.findLast((other) => other.key === key);
    if (pause && (pause.toAt === undefined || pause.toAt > now.at)) pause.toAt = now.at;
  }

  private begin(): Pick<PendingOperation, 'before'> {
    return { before: copyOf(this) };
  }

  private note(operation: PendingOperation): PendingOperation {
    this.pending.push(operation);
    return operation;
  }
}

/** What tracks share they share in the copy too; what never changes is not copied. */
function copyOf({
  tracks,
  above,
  current,
}: PendingOperation['before']): PendingOperation['before'] {
  const copies = new Map(tracks.map((track) => [track, copyOfTrack(track)]));
  return {
    tracks: [...copies.values()],
    above: above.map((pause) => ({ ...pause })),
    current: new Map(
      [...current].map(([name, track]) => [name, copies.get(track) ?? copyOfTrack(track)]),
    ),
  };
}

const copyOfTrack = (track: JobTrack): JobTrack => ({
  ...track,
  names: [...track.names],
  editions: [...track.editions],
  pauses: track.pauses.map((pause) => ({ ...pause })),
});

/** How the ledger names what is paused. */
const keyOf = (target: PauseTarget) =>
  target.kind === 'job' ? target.name : target.kind === 'all' ? 'all:' : `group:${target.name}`;

const sameTimes = (track: JobTrack, job: SimJob) =>
  timesKey(track.schedule) === timesKey(job.schedule);

/** Equal for schedules that name the same instants, given the same first sight. */
function timesKey(schedule: SimSchedule): string {
  if (schedule.type === 'one-time') {
    return `once ${scheduleInstants(schedule, 0, { fromAt: 0, untilAt: 0 })}`;
  }
  if (schedule.type === 'interval' && schedule.everyDays === 0) {
    return JSON.stringify({ ...schedule, zone: '' });
  }
  if (schedule.type !== 'cron') return JSON.stringify(schedule);
  return JSON.stringify({ ...schedule, crons: schedule.crons.toSorted() });
}

function newTrack(job: SimJob, now: Now, pause: Pause | undefined): JobTrack {
  const { at, ms } = now;
  const isPaused = pause !== undefined && (pause.toAt === undefined || pause.toAt > at);
  return {
    names: [job.name],
    schedule: job.schedule,
    anchorAt: at,
    fromAt: at,
    fromMs: ms,
    editions: [{ fromMs: ms, fromAt: at, job, isByRestart: false }],
    pauses: isPaused ? [{ ...pause, fromAt: at }] : [],
    isLoose: false,
  };
}

function continueTrack(track: JobTrack, job: SimJob, now: Now, isByRestart: boolean): JobTrack {
  const last = track.editions.at(-1);
  if (last?.job.edition === job.edition) return track;
  track.editions.push({ fromMs: now.ms, fromAt: now.at, job, isByRestart });
  if (!track.names.includes(job.name)) track.names.push(job.name);
  // How many of the times in between counted depends on when the file was edited, which nobody saw.
  if (isByRestart && last?.job.repeats !== job.repeats) track.isLoose = true;
  return track;
}

function endTrack(track: JobTrack, now: Now, restart: { certainTo: Instant } | undefined): void {
  track.toAt = now.at;
  track.toMs = now.ms;
  track.certainTo = Math.min(restart?.certainTo ?? now.at, now.at);
  track.optionalTo = Math.max(now.at, now.latestAt);
}
