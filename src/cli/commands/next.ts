import type { Command } from 'commander';
import type { Instant } from '../../clock/clock.ts';
import type { JobDefinition } from '../../config/snapshot.ts';
import { JobsdError } from '../../errors.ts';
import { describeSchedule } from '../../schedule/describe-schedule.ts';
import { version } from '../../version.ts';
import { readCount } from '../arguments/read-count.ts';
import { readTime, readTimezone } from '../arguments/read-time.ts';
import {
  type ChosenSchedule,
  chooseCron,
  chooseJobs,
  findJob,
  firesOf,
} from '../chosen-schedules.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { loadSnapshot } from '../load-snapshot.ts';
import type { FireRange } from '../upcoming-fires.ts';
import { examples } from '../view/examples.ts';
import { fireViews } from '../view/named-fire.ts';
import { type CalendarFire, renderCalendar } from '../view/render-calendar.ts';
import { renderFires } from '../view/render-fires.ts';

export interface NextOptions {
  readonly from?: string;
  readonly until?: string;
  readonly count?: number;
  readonly cron?: string;
  readonly timezone?: string;
  readonly all?: boolean;
}

const mostFires = 10_000;

export function define(command: Command, act: Act): void {
  command
    .argument('[job]', 'only this job (default: all, one time each)')
    .option('--from <time>', 'after this instead of now; without Z or an offset local')
    .option('--until <time>', 'only before this')
    .option(
      '--count <count>',
      'how many times of each (default: 5 of one, 100 in a calendar)',
      readCount(1, mostFires),
    )
    .option('--cron <expression>', 'of this expression instead of a job')
    .option('--timezone <zone>', 'the zone of --cron, or to show times in')
    .option('--all', 'those too that calendars exclude')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd next', 'the next time of every job'],
        ['jobsd next nightly-report --count 10', 'the next ten of one'],
        ['jobsd next --cron "30 2 * * MON-FRI" --timezone Europe/Athens', ''],
        ['jobsd next sync-data --from 2027-03-28 --until 2027-03-29', ''],
        ['jobsd next --format ical > jobs.ics', 'for a calendar'],
      )}

Needs no daemon. When there is a state file, intervals and repeats count on
from it. Marked are times that clocks skip or repeat, times that calendars move,
and starts with jitter.`,
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
  const zone = options.timezone === undefined ? undefined : readTimezone(options.timezone);
  if (options.cron !== undefined && name !== undefined) {
    throw new JobsdError('JOBSD_USAGE', 'Give either a job or --cron, not both.');
  }
  const chosen =
    options.cron === undefined
      ? await chooseDeclared(context, name)
      : [chooseCron(context, options.cron, zone ?? 'UTC')];
  const count = options.count ?? defaultCount(context, chosen.length, options);
  const fires = chosen.flatMap((one) => {
    const timezone = zone ?? one.schedule.timezone;
    const range = readRange(options, timezone, context.io.clock.now(), count);
    const found = firesOf(one, range, timezone);
    if (options.count === undefined && found.length === mostFires) {
      context.note(`${one.title}: these are only the first ${mostFires}.`);
    }
    return found.map((fire) => ({ ...fire, title: one.title, about: aboutOf(one) }));
  });
  show(context, fires, name === undefined && options.cron === undefined);
  return 0;
}

function defaultCount({ format }: CommandContext, jobs: number, { until }: NextOptions): number {
  if (until !== undefined) return mostFires;
  if (format === 'ical') return 100;
  return jobs === 1 ? 5 : 1;
}

async function chooseDeclared(
  context: CommandContext,
  name: string | undefined,
): Promise<readonly ChosenSchedule[]> {
  const snapshot = await loadSnapshot(context);
  if (name !== undefined) return chooseJobs(context, [findJob(snapshot, name)]);
  const jobs = [...snapshot.jobs.values()];
  noteSilent(context, jobs);
  return chooseJobs(
    context,
    jobs.filter(({ enabled }) => enabled),
  );
}

function noteSilent(context: CommandContext, jobs: readonly JobDefinition[]): void {
  for (const { name, enabled } of jobs) if (!enabled) context.note(`${name} is disabled.`);
}

function readRange(
  { from, until, all = false }: NextOptions,
  timezone: string,
  now: Instant,
  count: number,
): FireRange {
  return {
    after: from === undefined ? now : readTime('--from', from, timezone),
    ...(until !== undefined && { until: readTime('--until', until, timezone) }),
    count,
    withExcluded: all,
  };
}

function aboutOf({ job, schedule }: ChosenSchedule): readonly string[] {
  const declared = `${describeSchedule(schedule)} (${schedule.timezone})`;
  if (job === undefined) return [declared];
  const { description, service, place } = job;
  const where = `Service ${service}, ${place.file}:${place.line}`;
  return [...(description === undefined ? [] : [description]), declared, where];
}

function show(context: CommandContext, fires: readonly CalendarFire[], isOfAll: boolean): void {
  const { io, paint, format } = context;
  const now = io.clock.now();
  if (format === 'json') context.printJson({ fires: fireViews(fires) });
  else if (format === 'ical') io.stdout.write(renderCalendar(fires, { now, version }));
  else if (fires.length === 0) context.note('Nothing fires in that time.');
  else {
    const screen = { width: io.columns, paint, now };
    for (const line of renderFires(fires, screen, isOfAll)) context.print(line);
  }
}
