import { DeclarationReader } from './declaration-reader.ts';
import { parseCron } from './parse-cron.ts';
import type {
  CompileResult,
  CronFields,
  CronSchedule,
  DstGapPolicy,
  DstOverlapPolicy,
  IntervalSchedule,
  OneTimeSchedule,
  Schedule,
  ScheduleDeclaration,
} from './schedule.ts';
import { scheduleKey } from './schedule-key.ts';

export interface CompileContext {
  /** Decides the slots of `H`. */
  readonly jobName: string;
  /** The zone when the declaration names none. */
  readonly timezone: string;
}

/**
 * Reads and checks the schedule part of a job. Gives all problems at once and never throws,
 * whatever the declaration is; keys it does not know are left to the schema.
 */
export function compileSchedule(
  declaration: ScheduleDeclaration,
  context: CompileContext,
): CompileResult {
  const reader = new DeclarationReader(declaration);
  const timezone = reader.timezone(context.timezone);
  const schedule = readByType(reader, timezone, context.jobName);
  if (schedule === undefined || reader.problems.length > 0)
    return { ok: false, problems: reader.problems };
  schedule.key = scheduleKey(schedule);
  return { ok: true, schedule };
}

/** A schedule that is being made: no copies, because a million of them may be. */
type Draft<Kind extends Schedule> = { -readonly [Key in keyof Kind]: Kind[Key] };

function readByType(
  reader: DeclarationReader,
  timezone: string,
  jobName: string,
): Draft<Schedule> | undefined {
  const type = reader.value('type');
  switch (type) {
    case 'manual':
      return { type: 'manual', timezone, key: '' };
    case 'one-time':
      return readOneTime(reader, timezone);
    case 'interval':
      return readInterval(reader, timezone);
    case 'cron':
      return readCron(reader, timezone, jobName);
    default:
      reader.problems.push({
        rule: 'schedule-type',
        message:
          type === undefined ? 'the schedule has no type' : 'the schedule has an unknown type',
        help: 'There are `one-time`, `interval`, `cron` and `manual`.',
        path: ['type'],
      });
      return undefined;
  }
}

function readOneTime(
  reader: DeclarationReader,
  timezone: string,
): Draft<OneTimeSchedule> | undefined {
  reader.duration('jitter');
  const at = reader.has('at') ? reader.instant('at', timezone) : undefined;
  return at === undefined ? undefined : { type: 'one-time', timezone, at, key: '' };
}

function readInterval(
  reader: DeclarationReader,
  timezone: string,
): Draft<IntervalSchedule> | undefined {
  const every = reader.has('every') ? reader.duration('every') : undefined;
  const { days: everyDays, ms: everyMs } = every ?? { days: 0, ms: 1 };
  if (everyDays === 0 && everyMs === 0) {
    const message = 'the interval is zero';
    const help = 'Write at least `1s`.';
    reader.problems.push({ rule: 'invalid-duration', message, help, path: ['every'] });
  }
  return withBounds({ type: 'interval', timezone, everyDays, everyMs, key: '' }, reader);
}

const gapPolicies: readonly DstGapPolicy[] = ['end', 'shift', 'skip'];
const overlapPolicies: readonly DstOverlapPolicy[] = ['first', 'second', 'both'];

function readCron(
  reader: DeclarationReader,
  timezone: string,
  jobName: string,
): Draft<CronSchedule> {
  const crons = reader.has('cron') ? readExpressions(reader, jobName) : [];
  const schedule: Draft<CronSchedule> = { type: 'cron', timezone, crons, key: '' };
  if (reader.value('dst') !== undefined) {
    const dst = reader.map('dst', 'Write `dst: {gap: end, overlap: first}`.');
    const gap = dst.choice('gap', gapPolicies);
    const overlap = dst.choice('overlap', overlapPolicies);
    if (gap !== undefined) schedule.dstGap = gap;
    if (overlap !== undefined) schedule.dstOverlap = overlap;
    for (const problem of dst.problems)
      reader.problems.push({ ...problem, path: ['dst', ...problem.path] });
  }
  return withBounds(schedule, reader);
}

/** Of one list of expressions, give or take those of the last one. */
const mostProblems = 100;

function readExpressions(reader: DeclarationReader, jobName: string): readonly CronFields[] {
  const written = reader.value('cron');
  const crons: CronFields[] = [];
  if (!Array.isArray(written)) {
    readExpression(reader, written, ['cron'], jobName, crons);
    return crons;
  }
  if (written.length === 0) {
    const message = 'the list of expressions is empty';
    const help = 'Write at least one expression.';
    reader.problems.push({ rule: 'cron-syntax', message, help, path: ['cron'] });
  }
  for (let index = 0; index < written.length && reader.problems.length < mostProblems; index++)
    readExpression(reader, written[index], ['cron', index], jobName, crons);
  return crons;
}

function readExpression(
  reader: DeclarationReader,
  text: unknown,
  path: readonly (string | number)[],
  jobName: string,
  crons: CronFields[],
): void {
  if (typeof text !== 'string') {
    const message = 'the cron expression is not a text';
    const help = 'Write it in quotes: `"30 2 * * MON-FRI"`.';
    reader.problems.push({ rule: 'cron-syntax', message, help, path });
    return;
  }
  const result = parseCron(text, jobName);
  if (result.ok) crons.push(result.cron);
  else for (const problem of result.problems) reader.problems.push({ ...problem, path });
}

function withBounds<Kind extends IntervalSchedule | CronSchedule>(
  schedule: Draft<Kind>,
  reader: DeclarationReader,
): Draft<Kind> {
  const startAt = reader.instant('start', schedule.timezone);
  const untilAt = reader.instant('until', schedule.timezone);
  const repeats = reader.repeats();
  if (startAt !== undefined) schedule.startAt = startAt;
  if (untilAt !== undefined) schedule.untilAt = untilAt;
  if (repeats !== undefined) schedule.repeats = repeats;
  if (startAt !== undefined && untilAt !== undefined && untilAt <= startAt) {
    const message = '`until` is not after `start`';
    const help = 'Write an `until` after `start`; it is exclusive.';
    reader.problems.push({ rule: 'schedule-bounds', message, help, path: ['until'] });
  }
  reader.duration('jitter');
  return schedule;
}
