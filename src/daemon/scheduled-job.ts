import type { JobState, PauseState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import type { RunId } from '../dispatch/run.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import type { Progress } from '../schedule/progress.ts';
import { isInForce, type LaidPause, type Pauses } from './pauses.ts';
import type { KeyedDefinition } from './ticket-maker.ts';

/** A stretch of skipped occurrences that is still growing. */
export interface OpenStretch {
  readonly id: RunId;
  readonly reason: string;
  readonly count: number;
}

/** A job in the timetable: its definition of now, and how far its ledger is complete. */
export interface ScheduledJob {
  readonly slot: number;
  job: JobDefinition;
  definition: RunDefinition;
  definitionKey: string;
  progress: Progress;
  paused: PauseState | undefined;
  /** Nominal time of what the timetable holds for it. */
  nextNominalAt: Instant | undefined;
  stretch: OpenStretch | undefined;
  /** The clock was set back from here: until then every time is on record already. */
  accountedUntil?: Instant | undefined;
}

export function jobState(scheduled: ScheduledJob): JobState {
  const { job, progress, paused } = scheduled;
  return {
    job: job.name,
    scheduleKey: stateKey(job),
    ...progress,
    ...(paused === undefined ? {} : { paused }),
  };
}

// A job that is enabled while no daemon runs must not catch up what fell into its disabled time:
// so the ledger knows of which kind that time was.
const disabledMark = ' (disabled)';

/** The schedule's key as the ledger keeps it, marked while the job is disabled. */
export function stateKey({ schedule, enabled }: JobDefinition): string {
  return enabled ? schedule.key : schedule.key + disabledMark;
}

/** Whether the state belongs to this schedule, and whether the job was disabled when it was written. */
export function readStateKey(state: JobState, { schedule }: JobDefinition) {
  const wasDisabled = state.scheduleKey === schedule.key + disabledMark;
  return { isSame: wasDisabled || state.scheduleKey === schedule.key, wasDisabled };
}

/** Why nothing of this job fires at present, if so. */
export function standstill(
  scheduled: ScheduledJob,
  pauses: Pauses,
  now: Instant,
): 'paused' | 'disabled' | undefined {
  if (!scheduled.job.enabled) return 'disabled';
  return pausesInForce(scheduled, pauses, now).length > 0 ? 'paused' : undefined;
}

/** The pauses that hold the job, its own last. */
export function pausesInForce(
  scheduled: ScheduledJob,
  pauses: Pauses,
  now: Instant,
): readonly LaidPause[] {
  const all = allPauses(scheduled, pauses);
  return all.length === 0 ? all : all.filter(({ pause }) => isInForce(pause, now));
}

/** Its pauses that have run out after this instant. */
export function pausesEnded(
  scheduled: ScheduledJob,
  pauses: Pauses,
  after: Instant,
): readonly (LaidPause & { readonly endAt: Instant })[] {
  return allPauses(scheduled, pauses).flatMap((laid) => {
    const { until } = laid.pause;
    return until !== undefined && until > after ? [{ ...laid, endAt: until }] : [];
  });
}

function allPauses(scheduled: ScheduledJob, pauses: Pauses): readonly LaidPause[] {
  const above = pauses.above(scheduled.job);
  const { paused, job } = scheduled;
  return paused ? [...above, { target: { kind: 'job', name: job.name }, pause: paused }] : above;
}

/** The definition its runs are made with, and the key under which the ledger keeps it. */
export const keyedOf = (scheduled: ScheduledJob): KeyedDefinition => ({
  definition: scheduled.definition,
  key: scheduled.definitionKey,
});

/** Of what is due in one turn the highest priority goes first; else places would go to who is listed first. */
export function byPriority(
  slots: Int32Array,
  jobs: readonly (ScheduledJob | undefined)[],
): Int32Array {
  const priorityOf = (slot: number) => jobs[slot]?.job.priority ?? 0;
  const first = priorityOf(slots[0] ?? -1);
  if (slots.every((slot) => priorityOf(slot) === first)) return slots;
  return slots.sort((a, b) => priorityOf(b) - priorityOf(a));
}
