import type { Instant } from '../clock/clock.ts';
import { JobsdError } from '../errors.ts';
import { compileSchedule } from './compile-schedule.ts';
import { firstYear, isWithinHorizon, lastYear } from './horizon.ts';
import { nextOccurrence } from './next-occurrence.ts';
import { occurrencesBetween } from './occurrences-between.ts';
import { parseDateTime } from './parse-date-time.ts';
import type { Schedule, ScheduleDeclaration, ScheduleProblem } from './schedule.ts';
import { unknownKeys } from './unknown-keys.ts';

export interface NextFiresOptions {
  /**
   * Fires are strictly after this: an ISO text (without `Z` or an offset it is local time of the
   * schedule's zone), milliseconds since 1970, or a Date.
   */
  readonly after: string | number | Date;
  /** How many at most: 0 … 100 000. */
  readonly count: number;
  /** The job's name, which decides the slots of `H`. Default: empty. */
  readonly name?: string;
  /** The zone when the schedule names none. Default: UTC. */
  readonly timezone?: string;
}

/** Thrown for a schedule or options that are not valid. `problems` holds every one of them. */
export class ScheduleError extends JobsdError {
  readonly problems: readonly ScheduleProblem[];

  constructor(problems: readonly ScheduleProblem[]) {
    super('JOBSD_SCHEDULE_INVALID', problems.map(inWords).join('; '));
    this.problems = problems;
  }
}

/**
 * The next fires of the schedule part of a job (`{type, cron, timezone, ...}`), earliest first, as
 * ISO instants like `2026-11-20T17:00:00.000Z` (`Date.prototype.toISOString`).
 *
 * These are nominal times: jitter is not added. An interval without `start` counts from `after`.
 * With `repeats`, the occurrences from `start` on are counted when there is one, else those after
 * `after`. What else a job may have is ignored, but for calendars (`only`, `except`, `shift`), which
 * belong to a project, keys of another type, and keys that are nearly one of a schedule's: these are
 * refused. Throws `ScheduleError` (code JOBSD_SCHEDULE_INVALID) for anything that is not valid.
 */
export function nextFires(schedule: ScheduleDeclaration, options: NextFiresOptions): string[] {
  const given: Partial<NextFiresOptions> = Object(options);
  const problems = unknownKeys(Object(schedule));
  const result = compileSchedule(schedule, {
    jobName: typeof given.name === 'string' ? given.name : '',
    timezone: given.timezone ?? 'UTC',
  });
  if (!result.ok) problems.push(...result.problems);
  const after = readAfter(given.after, result.ok ? result.schedule.timezone : 'UTC', problems);
  const count = readCount(given.count, problems);
  if (!result.ok || problems.length > 0) throw new ScheduleError(problems);
  return collect(result.schedule, after, count).map((at) => new Date(at).toISOString());
}

const mostFires = 100_000;

function readAfter(after: unknown, timezone: string, problems: ScheduleProblem[]): Instant {
  if (typeof after === 'string') {
    const result = parseDateTime(after, timezone);
    if (result.ok) return result.at;
    problems.push({ rule: 'invalid-date-time', ...result.problem, path: ['after'] });
    return 0;
  }
  const at = after instanceof Date ? after.getTime() : after;
  if (typeof at === 'number' && isWithinHorizon(at)) return at;
  const help = `Give an ISO text, milliseconds since 1970 or a Date, from ${firstYear} to ${lastYear}.`;
  problems.push({
    rule: 'invalid-date-time',
    message: '`after` is not a time',
    help,
    path: ['after'],
  });
  return 0;
}

function readCount(count: unknown, problems: ScheduleProblem[]): number {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= mostFires)
    return count;
  const message = `\`count\` is not a whole number from 0 to ${mostFires}`;
  problems.push({ rule: 'invalid-count', message, path: ['count'] });
  return 0;
}

function collect(schedule: Schedule, after: Instant, count: number): Instant[] {
  const most = Math.min(count, repeatsLeft(schedule, after));
  const fires: Instant[] = [];
  let at: Instant | undefined = after;
  while (fires.length < most) {
    at = nextOccurrence(schedule, at, after);
    if (at === undefined) break;
    fires.push(at);
  }
  return fires;
}

function repeatsLeft(schedule: Schedule, after: Instant): number {
  if (schedule.repeats === undefined) return Infinity;
  if (schedule.startAt === undefined || after < schedule.startAt) return schedule.repeats;
  const past = occurrencesBetween(schedule, schedule.startAt - 1, after, after, 0);
  return Math.max(0, schedule.repeats - past.count);
}

function inWords(problem: ScheduleProblem): string {
  const where = problem.path.join('.');
  const help = problem.help === undefined ? '' : ` ${problem.help}`;
  return `${where}: ${problem.message}.${help}`;
}
