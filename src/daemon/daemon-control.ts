import type { Backend } from '../backend/backend.ts';
import type { Clock, Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import type { RunRecord } from '../dispatch/run.ts';
import { nextAllowed } from '../schedule/next-by-calendar.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { Backfill } from './backfill.ts';
import type { Control, JobView, StatusView, WhyView } from './control.ts';
import type { Engine } from './engine.ts';
import { jobView } from './job-view.ts';
import { notFound } from './not-found.ts';
import { PauseControl } from './pause-control.ts';
import { describePauses } from './pauses.ts';
import { readInstant } from './read-instant.ts';
import type { Reloader } from './reloader.ts';
import { cancelRun, retryRun } from './run-control.ts';
import { pausesInForce, type ScheduledJob, standstill } from './scheduled-job.ts';
import type { Scheduler } from './scheduler.ts';
import { why } from './why.ts';

export interface DaemonControlOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly reloader: Reloader;
  readonly status: () => StatusView;
  readonly telemetry: Telemetry;
}

/** Answers what the daemon is asked, whoever asks: the socket, the page, a test. */
export function daemonControl(options: DaemonControlOptions): Control {
  const { backend, engine, reloader, scheduler, clock } = options;
  const pauses = new PauseControl(engine, scheduler, clock, options.telemetry);
  const backfill = new Backfill({
    engine,
    backend,
    clock,
    anchorOf: (job) => scheduler.job(job)?.progress.anchorAt ?? clock.now(),
  });
  return {
    status: async () => options.status(),
    jobs: () => jobViews(options),
    runs: (query) => backend.runs(query),
    run: (id) => engine.run(id),
    async logs(id, from = 0) {
      await engine.run(id);
      return (await backend.logs(id)).slice(from);
    },
    runJob(job, { extra, actor, trigger = 'api' }) {
      return engine.runJob(job, {
        trigger,
        ...(extra === undefined ? {} : { payload: extra }),
        ...(actor === undefined ? {} : { actor }),
      });
    },
    invoke(service, { payload, actor, trigger = 'api' }) {
      return engine.invoke(service, {
        trigger,
        ...(payload === undefined ? {} : { payload }),
        ...(actor === undefined ? {} : { actor }),
      });
    },
    waitForEnd: (id, timeoutMs) => engine.waitForEnd(id, timeoutMs),
    cancel: (id, asked) => cancelRun(engine, id, asked),
    retry: (id, asked) => retryRun(engine, backend, id, asked),
    pause: (target, asked) => pauses.pause(target, asked),
    resume: (target, asked) => pauses.resume(target, asked),
    pauses: async () => pauses.list(),
    planBackfill: async (job, range) => backfill.plan(jobOf(engine, job), range),
    backfill: async (job, asked) => backfill.run(jobOf(engine, job), asked),
    why: (job, at) => whyOf(options, jobOf(engine, job), at),
    reload: () => reloader.reload('request'),
    keyValue: (key) => backend.keyValues.get(key),
    keys: (prefix, limit) => backend.keyValues.keys(prefix, limit),
  };
}

function jobOf({ snapshot }: Engine, name: string): JobDefinition {
  const job = snapshot.jobs.get(name);
  if (!job) throw notFound('JOBSD_JOB_NOT_FOUND', name, snapshot.jobs.keys());
  return job;
}

/** Why at an instant, local to the job's zone unless it says otherwise; rejects with JOBSD_INPUT_INVALID when the text is none. */
export async function whyOf(
  options: Pick<DaemonControlOptions, 'backend' | 'clock' | 'scheduler'>,
  job: JobDefinition,
  text: string,
): Promise<WhyView> {
  const { backend, clock, scheduler } = options;
  const now = clock.now();
  const at = readInstant('at', text, job.schedule.timezone);
  const scheduled = scheduler.job(job.name);
  // A pause that will have run out by then keeps nothing from firing.
  const standsStill = scheduled && standstillSentence(scheduled, scheduler, Math.max(at, now));
  return why({
    job,
    at,
    now,
    backend,
    ...(scheduled === undefined ? {} : { progress: scheduled.progress }),
    ...(standsStill === undefined ? {} : { standstill: standsStill }),
  });
}

function standstillSentence(
  scheduled: ScheduledJob,
  { pauses }: Scheduler,
  at: Instant,
): string | undefined {
  if (standstill(scheduled, pauses, at) === 'disabled') return 'The job is disabled.';
  const held = pausesInForce(scheduled, pauses, at);
  return held.length === 0 ? undefined : `Paused: ${describePauses(held)}.`;
}

/** The timetable also holds what calendars exclude: those times end in a record, not in a run. */
function nextOf({ job, progress, nextNominalAt }: ScheduledJob): { nextAt?: Instant } {
  const { cursorAt, anchorAt } = progress;
  const nextAt =
    nextNominalAt === undefined || job.calendars === undefined
      ? nextNominalAt
      : nextAllowed(job.schedule, job.calendars, cursorAt, anchorAt);
  return nextAt === undefined ? {} : { nextAt };
}

async function jobViews(options: DaemonControlOptions): Promise<readonly JobView[]> {
  const latest = new Map<string, RunRecord>();
  for (const run of await options.backend.latestRuns()) {
    if (run.job !== undefined) latest.set(run.job, run);
  }
  const now = options.clock.now();
  return [...options.scheduler.scheduled]
    .map((scheduled) =>
      jobView(scheduled.job, {
        occurrences: scheduled.progress.occurrences,
        isPaused: standstill(scheduled, options.scheduler.pauses, now) === 'paused',
        ...nextOf(scheduled),
        last: latest.get(scheduled.job.name),
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
