import type { JobState } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import type { JobView } from '../daemon/control.ts';
import { jobView } from '../daemon/job-view.ts';
import { Pauses } from '../daemon/pauses.ts';
import { readStateKey } from '../daemon/scheduled-job.ts';
import { nextAllowed } from '../schedule/next-by-calendar.ts';
import type { CommandContext } from './command-context.ts';
import { loadSnapshot } from './load-snapshot.ts';
import { openStateFile } from './open-ledger.ts';

/** The jobs as the files declare them, with what the state file knows of each. */
export async function offlineJobs(context: CommandContext): Promise<readonly JobView[]> {
  const snapshot = await loadSnapshot(context);
  const { states, latest } = await readState(context);
  const now = context.io.clock.now();
  return [...snapshot.jobs.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((job) => {
      const state = stateOf(job, states);
      return jobView(job, {
        occurrences: state?.occurrences ?? 0,
        isPaused: now < (pausedUntil(job, states) ?? 0),
        ...nextOf(job, state, now),
        last: latest.get(job.name),
      });
    });
}

async function readState(context: CommandContext) {
  const file = await openStateFile(context);
  if (file === undefined) return { states: new Map<string, JobState>(), latest: new Map() };
  try {
    const latest = new Map((await file.latestRuns()).map((run) => [run.job, run]));
    return { states: byJob(await file.jobStates()), latest };
  } finally {
    await file.close();
  }
}

/** What the state file remembers of each job; nothing when there is none. */
export async function readJobStates(
  context: CommandContext,
): Promise<ReadonlyMap<string, JobState>> {
  const file = await openStateFile(context);
  if (file === undefined) return new Map();
  try {
    return byJob(await file.jobStates());
  } finally {
    await file.close();
  }
}

function byJob(states: readonly JobState[]): ReadonlyMap<string, JobState> {
  return new Map(states.map((state) => [state.job, state]));
}

/** What is remembered belongs to a schedule: after an edit the job begins anew. */
export function stateOf(
  job: JobDefinition,
  states: ReadonlyMap<string, JobState>,
): JobState | undefined {
  const state = states.get(job.name);
  return state && readStateKey(state, job).isSame ? state : undefined;
}

/**
 * The end of the last pause of a job, its own, its group's or that of everything; Infinity for one
 * until it is resumed. It outlives an edit of the job.
 */
export function pausedUntil(
  job: JobDefinition,
  states: ReadonlyMap<string, JobState>,
): Instant | undefined {
  const pauses = new Pauses();
  pauses.restore(states.values());
  const own = states.get(job.name)?.paused;
  const above = pauses.above(job).map(({ pause }) => pause);
  const all = own === undefined ? above : [...above, own];
  if (all.length === 0) return undefined;
  return Math.max(...all.map(({ until }) => until ?? Number.POSITIVE_INFINITY));
}

function nextOf(job: JobDefinition, state: JobState | undefined, now: Instant) {
  const { repeats } = job.schedule;
  if (repeats !== undefined && (state?.occurrences ?? 0) >= repeats) return {};
  const nextAt = nextAllowed(job.schedule, job.calendars, now, state?.anchorAt ?? now);
  return nextAt === undefined ? {} : { nextAt };
}
