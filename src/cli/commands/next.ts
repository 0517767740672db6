import type { Command } from 'commander';
import type { Instant } from '../../clock/clock.ts';
import { nearestName } from '../../config/nearest-name.ts';
import type { JobDefinition } from '../../config/snapshot.ts';
import { JobsdError } from '../../errors.ts';
import { parseDateTime } from '../../schedule/parse-date-time.ts';
import { checkTimezone } from '../../schedule/timezone.ts';
import { readCount } from '../arguments/read-count.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { compileCronOption } from '../compile-cron-option.ts';
import { loadSnapshot } from '../load-snapshot.ts';
import { readJobStates, stateOf } from '../offline-jobs.ts';
import { type FireRange, type Scheduled, upcomingFires } from '../upcoming-fires.ts';
import { examples } from '../view/examples.ts';
import { fireViews, type NamedFire, renderFires } from '../view/render-fires.ts';

export interface NextOptions {
  readonly from?: string;
  readonly until?: string;
  readonly count?: number;
  readonly cron?: string;
  readonly timezone?: string;
}

const mostFires = 10_000;

export function define(command: Command, act: Act): void {
  command
    .argument('[job]', 'only this job (default: all, one time each)')
    .option('--from <time>', 'after this instead of now; without Z or an offset local')
    .option('--until <time>', 'only before this')
    .option(
      '--count <count>',
      'how many times of each (default: 5 of one)',
      readCount(1, mostFires),
    )
    .option('--cron <expression>', 'of this expression instead of a job')
    .option('--timezone <zone>', 'the zone of --cron, or to show times in')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd next', 'the next time of every job'],
        ['jobsd next nightly-report --count 10', 'the next ten of one'],
        ['jobsd next --cron "30 2 * * MON-FRI" --timezone Europe/Athens', ''],
        ['jobsd next sync-data --from 2027-03-28 --until 2027-03-29', ''],
      )}

Needs no daemon. When there is a state file, intervals and repeats count on
from it.`,
    )
    .action((job: string | undefined, options: NextOptions) =>
      act((context) => next(context, job, options)),
    );
}

/** Shows when jobs, or a cron expression, will fire. */
export async function next(
  context: CommandContext,
  name: string | undefined,
  options: NextOptions,
): Promise<ExitCode> {
  const zone = options.timezone === undefined ? undefined : readZone(options.timezone);
  const chosen =
    options.cron === undefined
      ? await chooseJobs(context, name)
      : [chooseCron(context, options.cron, zone, name)];
  const count = options.count ?? defaultCount(chosen.length, options);
  const fires = chosen.flatMap((scheduled) => {
    const timezone = zone ?? scheduled.schedule.timezone;
    const range = readRange(options, timezone, context.io.clock.now(), count);
    return upcomingFires(scheduled, range).map(
      (fire): NamedFire => ({ ...fire, job: scheduled.name, timezone }),
    );
  });
  show(context, fires, options.cron === undefined);
  return 0;
}

function defaultCount(jobs: number, { until }: NextOptions): number {
  if (until !== undefined) return mostFires;
  return jobs === 1 ? 5 : 1;
}

function chooseCron(
  { io }: CommandContext,
  cron: string,
  timezone = 'UTC',
  name: string | undefined,
): Scheduled {
  if (name !== undefined) {
    throw new JobsdError('JOBSD_USAGE', 'Give either a job or --cron, not both.');
  }
  const schedule = compileCronOption(cron, timezone);
  return { name: '', schedule, jitterMs: 0, firstSeenAt: io.clock.now() };
}

async function chooseJobs(
  context: CommandContext,
  name: string | undefined,
): Promise<readonly Scheduled[]> {
  const { jobs } = await loadSnapshot(context);
  const chosen = name === undefined ? [...jobs.values()] : [findJob(jobs, name)];
  const states = await readJobStates(context);
  const firstSeenAt = context.io.clock.now();
  if (name === undefined) noteSilent(context, chosen);
  return chosen
    .filter(({ enabled }) => enabled || name !== undefined)
    .map((job) => ({ ...job, state: stateOf(job, states), firstSeenAt }));
}

function findJob(jobs: ReadonlyMap<string, JobDefinition>, name: string): JobDefinition {
  const job = jobs.get(name);
  if (job !== undefined) return job;
  const nearest = nearestName(name, jobs.keys());
  const hint = nearest === undefined ? 'See: jobsd jobs' : `Did you mean "${nearest}"?`;
  throw new JobsdError('JOBSD_JOB_NOT_FOUND', `"${name}" is not declared. ${hint}`);
}

function noteSilent(context: CommandContext, jobs: readonly JobDefinition[]): void {
  for (const { name, enabled } of jobs) if (!enabled) context.note(`${name} is disabled.`);
}

function readRange(
  { from, until }: NextOptions,
  timezone: string,
  now: Instant,
  count: number,
): FireRange {
  return {
    after: from === undefined ? now : readInstant('--from', from, timezone),
    ...(until !== undefined && { until: readInstant('--until', until, timezone) }),
    count,
  };
}

function readInstant(option: string, written: string, timezone: string): Instant {
  const result = parseDateTime(written, timezone);
  if (result.ok) return result.at;
  const { message, help } = result.problem;
  throw new JobsdError('JOBSD_USAGE', `${option}: ${message}. ${help}`);
}

function readZone(written: string): string {
  const result = checkTimezone(written);
  if (result.ok) return result.name;
  throw new JobsdError('JOBSD_USAGE', `--timezone: ${result.message}. ${result.help}`);
}

function show(context: CommandContext, fires: readonly NamedFire[], isOfJobs: boolean): void {
  if (context.format === 'json') {
    context.printJson({ fires: fireViews(fires) });
    return;
  }
  if (fires.length === 0) {
    context.note('Nothing fires in that time.');
    return;
  }
  const { io, paint } = context;
  const screen = { width: io.columns, paint, now: io.clock.now() };
  for (const line of renderFires(fires, screen, isOfJobs)) context.print(line);
}
