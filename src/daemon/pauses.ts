import type { JobState, PauseState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';

/** What a pause can be laid on. A job's own pause is part of its state; these two lie above jobs. */
export type PauseTarget =
  | { readonly kind: 'job'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'all' };

/** A pause, and what it was laid on. */
export interface LaidPause {
  readonly target: PauseTarget;
  readonly pause: PauseState;
}

// Names of jobs hold no colon, so these entries among the job states cannot be mistaken for jobs.
const allKey = 'all:';
const groupPrefix = 'group:';

/** Pauses of groups and of everything. */
export class Pauses {
  private readonly byKey = new Map<string, PauseState>();

  /** Takes what is a pause among the states of the ledger. */
  restore(states: Iterable<JobState>): void {
    for (const { job, paused } of states) {
      if (isPauseKey(job) && paused) this.byKey.set(job, paused);
    }
  }

  on(target: Exclude<PauseTarget, { kind: 'job' }>): PauseState | undefined {
    return this.byKey.get(keyOf(target));
  }

  /** Lays a pause, or lifts it; gives the state that makes it durable. */
  set(target: Exclude<PauseTarget, { kind: 'job' }>, paused: PauseState | undefined): JobState {
    const job = keyOf(target);
    if (paused) this.byKey.set(job, paused);
    else this.byKey.delete(job);
    const entry = { job, scheduleKey: '', anchorAt: 0, cursorAt: 0, occurrences: 0 };
    return paused ? { ...entry, paused } : entry;
  }

  /** The pauses above a job, whether in force or run out. */
  above({ group }: JobDefinition): readonly LaidPause[] {
    if (this.byKey.size === 0) return none;
    const keys = group === undefined ? [allKey] : [`${groupPrefix}${group}`, allKey];
    return keys.flatMap((key) => {
      const pause = this.byKey.get(key);
      return pause === undefined ? [] : [{ target: targetOf(key), pause }];
    });
  }

  /** The pauses that are in force, for whoever looks. */
  inForce(now: Instant): LaidPause[] {
    return [...this.byKey]
      .filter(([, pause]) => isInForce(pause, now))
      .map(([key, pause]) => ({ target: targetOf(key), pause }));
  }
}

const none: readonly LaidPause[] = [];

/** Each in a few words: what it was laid on, by whom, until when, what for. */
export function describePauses(laid: readonly LaidPause[]): string {
  return laid.map(describePause).join('; ');
}

function describePause({ target, pause }: LaidPause): string {
  const { actor, until, reason } = pause;
  return [
    target.kind === 'group' ? `group ${target.name}` : target.kind,
    ...(actor === undefined ? [] : [`by ${actor}`]),
    ...(until === undefined ? [] : [`until ${new Date(until).toISOString()}`]),
    ...(reason === undefined ? [] : [`(${inOneLine(reason)})`]),
  ].join(' ');
}

// It becomes part of records, log lines and tables.
const longestReason = 200;

function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longestReason ? line : `${line.slice(0, longestReason)}…`;
}

/** Whether an entry of the job states is a pause that lies above jobs. */
export function isPauseKey(job: string): boolean {
  return job === allKey || job.startsWith(groupPrefix);
}

export function isInForce(pause: PauseState, now: Instant): boolean {
  return pause.until === undefined || pause.until > now;
}

function keyOf(target: Exclude<PauseTarget, { kind: 'job' }>): string {
  return target.kind === 'all' ? allKey : `${groupPrefix}${target.name}`;
}

function targetOf(key: string): PauseTarget {
  if (key === allKey) return { kind: 'all' };
  return { kind: 'group', name: key.slice(groupPrefix.length) };
}
