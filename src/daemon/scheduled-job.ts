import type { JobState, PauseState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import type { RunId } from '../dispatch/run.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import type { Progress } from '../schedule/take-up.ts';
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
}

export function jobState(scheduled: ScheduledJob): JobState {
  const { job, progress, paused } = scheduled;
  return {
    job: job.name,
    scheduleKey: job.schedule.key,
    ...progress,
    ...(paused === undefined ? {} : { paused }),
  };
}

/** Why nothing of this job fires at present, if so. */
export function standstill(
  scheduled: ScheduledJob,
  now: Instant,
): 'paused' | 'disabled' | undefined {
  const { job, paused } = scheduled;
  if (!job.enabled) return 'disabled';
  if (paused && (paused.until === undefined || paused.until > now)) return 'paused';
  return undefined;
}

/** The definition its runs are made with, and the key under which the ledger keeps it. */
export const keyedOf = (scheduled: ScheduledJob): KeyedDefinition => ({
  definition: scheduled.definition,
  key: scheduled.definitionKey,
});
