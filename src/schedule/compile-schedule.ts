import type { Instant } from '../clock/clock.ts';
import { parseCron } from './parse-cron.ts';
import { parseDateTime } from './parse-date-time.ts';
import { parseDuration } from './parse-duration.ts';
import type {
  CompileResult,
  CronFields,
  DstGapPolicy,
  DstOverlapPolicy,
  Schedule,
  ScheduleDeclaration,
  ScheduleProblem,
} from './schedule.ts';
import { scheduleKey } from './schedule-key.ts';
import { checkTimezone } from './timezone.ts';

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
  const problems: ScheduleProblem[] = [];
  const written = asRecord(declaration);
  const timezone = readTimezone(written, context.timezone, problems);
  const schedule = readByType(written, { jobName: context.jobName, timezone }, problems);
  if (schedule === undefined || problems.length > 0) return { ok: false, problems };
  return { ok: true, schedule: { ...schedule, key: scheduleKey(schedule) } };
}

/** Whatever was declared, as keys and values nothing is known about. */
type Written = Readonly<Record<string, unknown>>;

function asRecord(declaration: unknown): Written {
  return typeof declaration === 'object' && declaration !== null ? { ...declaration } : {};
}

function readTimezone(written: Written, byDefault: string, problems: ScheduleProblem[]): string {
  const result = checkTimezone(written.timezone ?? byDefault);
  if (result.ok) return result.name;
  const { message, help } = result;
  problems.push({ rule: 'unknown-timezone', message, help, path: ['timezone'] });
  return 'UTC';
}

function readByType(
  written: Written,
  context: CompileContext,
  problems: ScheduleProblem[],
): Schedule | undefined {
  const { timezone } = context;
  switch (written.type) {
    case 'manual':
      return { type: 'manual', timezone, key: '' };
    case 'one-time': {
      readDuration(written, 'jitter', problems);
      const at =
        readRequired(written, 'at', problems) && readInstant(written, 'at', timezone, problems);
      return typeof at === 'number' ? { type: 'one-time', timezone, at, key: '' } : undefined;
    }
    case 'interval':
      return readInterval(written, context, problems);
    case 'cron':
      return readCronSchedule(written, context, problems);
    default:
      problems.push({
        rule: 'schedule-type',
        message:
          written.type === undefined
            ? 'the schedule has no type'
            : 'the schedule has an unknown type',
        help: 'There are `one-time`, `interval`, `cron` and `manual`.',
        path: ['type'],
      });
      return undefined;
  }
}

function readInterval(
  written: Written,
  { timezone }: CompileContext,
  problems: ScheduleProblem[],
): Schedule | undefined {
  const bounds = readBounds(written, timezone, problems);
  if (!readRequired(written, 'every', problems)) return undefined;
  const every = readDuration(written, 'every', problems);
  if (every === undefined) return undefined;
  if (every.days === 0 && every.ms === 0) {
    const message = 'the interval is zero';
    problems.push({
      rule: 'invalid-duration',
      message,
      help: 'Write at least `1s`.',
      path: ['every'],
    });
  }
  return {
    type: 'interval',
    timezone,
    everyDays: every.days,
    everyMs: every.ms,
    ...bounds,
    key: '',
  };
}

function readCronSchedule(
  written: Written,
  context: CompileContext,
  problems: ScheduleProblem[],
): Schedule | undefined {
  const { timezone } = context;
  const bounds = readBounds(written, timezone, problems);
  const dst = readDst(written.dst, problems);
  if (!readRequired(written, 'cron', problems)) return undefined;
  const crons = readCrons(written.cron, context.jobName, problems);
  return { type: 'cron', timezone, crons, ...dst, ...bounds, key: '' };
}

function readCrons(
  written: unknown,
  jobName: string,
  problems: ScheduleProblem[],
): readonly CronFields[] {
  const isList = Array.isArray(written);
  const texts: readonly unknown[] = isList ? written : [written];
  if (texts.length === 0) {
    const help = 'Write at least one expression.';
    problems.push({
      rule: 'cron-syntax',
      message: 'the list of expressions is empty',
      help,
      path: ['cron'],
    });
  }
  const crons: CronFields[] = [];
  texts.forEach((text, index) => {
    const path = isList ? ['cron', index] : ['cron'];
    if (typeof text !== 'string') {
      const help = 'Write it in quotes: `"30 2 * * MON-FRI"`.';
      problems.push({
        rule: 'cron-syntax',
        message: 'the cron expression is not a text',
        help,
        path,
      });
      return;
    }
    const result = parseCron(text, jobName);
    if (result.ok) crons.push(result.cron);
    else for (const problem of result.problems) problems.push({ ...problem, path });
  });
  return crons;
}

const gapPolicies: readonly DstGapPolicy[] = ['end', 'shift', 'skip'];
const overlapPolicies: readonly DstOverlapPolicy[] = ['first', 'second', 'both'];

function readDst(
  written: unknown,
  problems: ScheduleProblem[],
): { dstGap?: DstGapPolicy; dstOverlap?: DstOverlapPolicy } {
  if (written === undefined || written === null) return {};
  if (typeof written !== 'object' || Array.isArray(written)) {
    const help = 'Write `dst: {gap: end, overlap: first}`.';
    problems.push({ rule: 'schedule-dst', message: '`dst` is not a map', help, path: ['dst'] });
    return {};
  }
  const map = asRecord(written);
  const dstGap = readChoice(map, 'gap', gapPolicies, problems);
  const dstOverlap = readChoice(map, 'overlap', overlapPolicies, problems);
  return { ...(dstGap && { dstGap }), ...(dstOverlap && { dstOverlap }) };
}

function readChoice<Choice extends string>(
  map: Written,
  key: string,
  choices: readonly Choice[],
  problems: ScheduleProblem[],
): Choice | undefined {
  const written = map[key];
  if (written === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === written);
  if (choice === undefined)
    problems.push({
      rule: 'schedule-dst',
      message: `unknown policy for \`dst.${key}\``,
      help: `There are ${choices.map((each) => `\`${each}\``).join(', ')}.`,
      path: ['dst', key],
    });
  return choice;
}

interface CheckedBounds {
  startAt?: Instant;
  untilAt?: Instant;
  repeats?: number;
}

function readBounds(
  written: Written,
  timezone: string,
  problems: ScheduleProblem[],
): CheckedBounds {
  const bounds: CheckedBounds = {};
  const startAt = readInstant(written, 'start', timezone, problems);
  const untilAt = readInstant(written, 'until', timezone, problems);
  if (startAt !== undefined) bounds.startAt = startAt;
  if (untilAt !== undefined) bounds.untilAt = untilAt;
  if (startAt !== undefined && untilAt !== undefined && untilAt <= startAt) {
    const help = 'Write an `until` after `start`; it is exclusive.';
    problems.push({
      rule: 'schedule-bounds',
      message: '`until` is not after `start`',
      help,
      path: ['until'],
    });
  }
  const { repeats } = written;
  if (typeof repeats === 'number' && Number.isSafeInteger(repeats) && repeats >= 1)
    bounds.repeats = repeats;
  else if (repeats !== undefined) {
    const help = 'Write how many times in all, or leave it out for no limit.';
    problems.push({
      rule: 'schedule-bounds',
      message: '`repeats` is not a whole number from 1 up',
      help,
      path: ['repeats'],
    });
  }
  readDuration(written, 'jitter', problems);
  return bounds;
}

function readRequired(written: Written, key: string, problems: ScheduleProblem[]): boolean {
  if (written[key] !== undefined && written[key] !== null) return true;
  const message = `the ${String(written.type)} schedule has no \`${key}\``;
  problems.push({ rule: 'schedule-incomplete', message, help: `Add \`${key}\`.`, path: [key] });
  return false;
}

function readInstant(
  written: Written,
  key: string,
  timezone: string,
  problems: ScheduleProblem[],
): Instant | undefined {
  if (written[key] === undefined) return undefined;
  const result = parseDateTime(written[key], timezone);
  if (result.ok) return result.at;
  problems.push({ rule: 'invalid-date-time', ...result.problem, path: [key] });
  return undefined;
}

function readDuration(
  written: Written,
  key: string,
  problems: ScheduleProblem[],
): { days: number; ms: number } | undefined {
  if (written[key] === undefined) return undefined;
  const result = parseDuration(written[key]);
  if (result.ok) return result.duration;
  const { key: part, ...problem } = result.problem;
  problems.push({
    rule: 'invalid-duration',
    ...problem,
    path: part === undefined ? [key] : [key, part],
  });
  return undefined;
}
