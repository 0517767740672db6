import type { Instant } from '../clock/clock.ts';
import { declaredValue } from '../config/declared-value.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { JobDefinition, Snapshot } from '../config/snapshot.ts';
import { JobsdError } from '../errors.ts';
import { clockChangeNear } from '../schedule/clock-changes.ts';
import { describeSchedule } from '../schedule/describe-schedule.ts';
import type { FireEffect } from '../schedule/fire-effect.ts';
import { skippedOneTime } from '../schedule/skipped-one-time.ts';
import type { CommandContext } from './command-context.ts';
import { compileCronOption } from './compile-cron-option.ts';
import { pausedUntil, readJobStates, stateOf } from './offline-jobs.ts';
import { parseProject } from './parse-project.ts';
import {
  type FireRange,
  isAnchorUnknown,
  type Scheduled,
  upcomingFires,
} from './upcoming-fires.ts';
import type { NamedFire, Silence } from './view/named-fire.ts';

/** A schedule with what there is to say about its fires. */
export interface ChosenSchedule extends Scheduled {
  readonly job?: JobDefinition;
  /** For a calendar: the job, or the expression. */
  readonly title: string;
  /** Paused until then; Infinity until it is resumed. */
  readonly pausedUntil?: Instant;
  /** What happened to a one-time job that was written with a time that clocks skip. */
  readonly oneTimeEffect?: FireEffect;
}

/** Jobs with what the state file remembers of them. */
export async function chooseJobs(
  context: CommandContext,
  jobs: readonly JobDefinition[],
): Promise<readonly ChosenSchedule[]> {
  const states = await readJobStates(context);
  const firstSeenAt = context.io.clock.now();
  const chosen: ChosenSchedule[] = [];
  for (const job of jobs) {
    const state = stateOf(job, states);
    const until = pausedUntil(job, states);
    const effect = await oneTimeEffect(context, job);
    chosen.push({
      ...job,
      job,
      title: job.name,
      state,
      firstSeenAt,
      ...(until !== undefined && { pausedUntil: until }),
      ...effect,
    });
  }
  return chosen;
}

async function oneTimeEffect(context: CommandContext, { name, schedule, place }: JobDefinition) {
  if (schedule.type !== 'one-time') return {};
  // Only its text tells whether it was moved, and hardly any job lies so near a gap.
  if (clockChangeNear(schedule.timezone, schedule.at)?.kind !== 'gap') return {};
  const file = (await parseProject(context)).find(({ path }) => path === place.file);
  const written = declaredValue(file, ['jobs', name, 'at']);
  const from = skippedOneTime(schedule, String(written));
  return from === undefined ? {} : { oneTimeEffect: { kind: 'moved', from } as const };
}

/** A schedule of an expression without a job. */
export function chooseCron({ io }: CommandContext, cron: string, timezone: string): ChosenSchedule {
  const schedule = compileCronOption(cron, timezone);
  const title = describeSchedule(schedule);
  return { name: '', title, schedule, jitterMs: 0, firstSeenAt: io.clock.now() };
}

/** The job of this name; rejects with JOBSD_JOB_NOT_FOUND and the nearest one. */
export function findJob({ jobs }: Snapshot, name: string): JobDefinition {
  const job = jobs.get(name);
  if (job !== undefined) return job;
  const nearest = nearestName(name, jobs.keys());
  const hint = nearest === undefined ? 'See: jobsd jobs' : `Did you mean "${nearest}"?`;
  throw new JobsdError('JOBSD_JOB_NOT_FOUND', `"${name}" is not declared. ${hint}`);
}

/** The fires of a schedule in a range; `timezone` is what their times are shown in. */
export function firesOf(
  chosen: ChosenSchedule,
  range: FireRange,
  timezone: string,
): readonly NamedFire[] {
  const { oneTimeEffect: effect, job } = chosen;
  return upcomingFires(chosen, range).map((fire) => ({
    ...fire,
    ...(effect !== undefined && { effect }),
    job: job?.name ?? '',
    scheduleZone: chosen.schedule.timezone,
    timezone,
    ...silenceOf(chosen, fire.nominalAt),
    ...(isAnchorUnknown(chosen) && { isGuess: true }),
  }));
}

function silenceOf({ job, pausedUntil = 0 }: ChosenSchedule, at: Instant): { silence?: Silence } {
  if (job?.enabled === false) return { silence: 'disabled' };
  return at < pausedUntil ? { silence: 'paused' } : {};
}
