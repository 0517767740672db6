import type { Milliseconds } from '../clock/clock.ts';
import { compileSchedule } from '../schedule/compile-schedule.ts';
import type { Schedule, ScheduleDeclaration, ScheduleProblem } from '../schedule/schedule.ts';
import { type CalendarRuleResult, readCalendarRule } from './calendar/read-calendar-rule.ts';
import type { Declared } from './merge-files.ts';
import { keySpot, type Problem, valueSpot } from './problem.ts';
import type { Usable } from './read-definitions.ts';
import { type DurationReader, durationReader } from './read-duration.ts';
import { readCatchUp, readRetry } from './read-policies.ts';
import type { DefaultsDeclaration } from './schema/defaults.ts';
import type { JobDeclaration } from './schema/job.ts';
import type { CalendarDefinition, JobDefinition, Reaction, RunEvent } from './snapshot.ts';
import { unescapeExtra } from './unescape-extra.ts';

export interface JobContext {
  readonly defaults: DefaultsDeclaration;
  readonly calendars: ReadonlyMap<string, CalendarDefinition>;
  /** The `timeout` of a declared service, when it has one that can be read. */
  serviceTimeoutMs(service: string): Milliseconds | undefined;
}

export interface JobResult {
  /** Absent when there is a problem. */
  readonly definition?: JobDefinition;
  readonly problems: readonly Problem[];
}

const hourMs = 3_600_000;
const defaultGraceMs = 5000;

/** One job with every default filled in. Names it refers to are checked elsewhere. */
export function readJob(entry: Usable<JobDeclaration>, context: JobContext): JobResult {
  const { name, place, value, refused } = entry;
  const durations = durationReader(place.file);
  const timing = readSchedule(entry, context.defaults.timezone ?? 'UTC');
  const settings = readSettings(name, value, context, durations);
  const { schedule } = timing;
  const calendars =
    schedule === undefined ? { problems: [] } : readCalendars(entry, schedule, context);
  const problems = [...durations.problems, ...timing.problems, ...calendars.problems];
  if (schedule === undefined || problems.length > 0 || refused !== undefined) return { problems };
  const { rule } = calendars;
  const withRule = rule === undefined ? {} : { calendars: rule };
  return { definition: { name, schedule, ...settings, ...withRule, place }, problems };
}

function readCalendars(
  { name, place, value }: Usable<JobDeclaration>,
  schedule: Schedule,
  { calendars }: JobContext,
): CalendarRuleResult {
  const declared = value.type === 'manual' ? {} : value;
  return readCalendarRule({ name, file: place.file, declared, schedule }, calendars);
}

function readSchedule(entry: Usable<JobDeclaration>, timezone: string) {
  const { name, value, refused } = entry;
  if (refused?.has('type')) return { problems: [] };
  const declaration = value as ScheduleDeclaration;
  const compiled = compileSchedule(declaration, { jobName: name, timezone });
  if (compiled.ok) return { schedule: compiled.schedule, problems: [] };
  // What is missing because the schema has refused it has been told already.
  const news = compiled.problems.filter(({ path }) => !refused?.has(String(path[0] ?? '')));
  return { problems: news.map((problem) => located(entry, problem)) };
}

function located(entry: Declared<JobDeclaration>, problem: ScheduleProblem): Problem {
  const path = ['jobs', entry.name, ...problem.path];
  const isThere = problem.path.length > 0;
  const at = isThere ? valueSpot(entry.place.file, ...path) : keySpot(entry.place.file, ...path);
  const { offset, length, help } = problem;
  return {
    rule: problem.rule,
    message: `job "${entry.name}": ${problem.message}`,
    at: {
      ...at,
      ...(offset === undefined ? {} : { offset }),
      ...(length === undefined ? {} : { length }),
    },
    ...(help === undefined ? {} : { help }),
  };
}

type Settings = Omit<JobDefinition, 'name' | 'schedule' | 'place'>;

function readSettings(
  name: string,
  value: JobDeclaration,
  context: JobContext,
  durations: DurationReader,
): Settings {
  const { defaults } = context;
  const at = (key: string) => ['jobs', name, key];
  const isTimed = value.type !== 'manual';
  return {
    service: value.service,
    extra: unescapeExtra(value.extra ?? null),
    enabled: value.enabled ?? true,
    ...optionalTexts(value),
    labels: value.labels ?? {},
    timeoutMs:
      durations.positive(at('timeout'), value.timeout) ??
      context.serviceTimeoutMs(value.service) ??
      durationReader('').optional([], defaults.timeout) ??
      hourMs,
    graceMs:
      durations.optional(at('grace'), value.grace) ??
      durationReader('').optional([], defaults.grace) ??
      defaultGraceMs,
    retry: readRetry(at('retry'), value.retry, defaults.retry, durations),
    overlap: value.overlap ?? defaults.overlap ?? 'allow',
    catchUp: readCatchUp(
      at('catchUp'),
      isTimed ? value.catchUp : undefined,
      defaults.catchUp,
      durations,
    ),
    // What is wrong with it is told with the schedule.
    jitterMs: (isTimed ? durationReader('').optional([], value.jitter) : undefined) ?? 0,
    priority: value.priority ?? 0,
    on: readReactions(value.on ?? {}),
  };
}

function optionalTexts(value: JobDeclaration) {
  const { description, owner, group, renamedFrom } = value;
  return {
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
  };
}

function readReactions(declared: NonNullable<JobDeclaration['on']>): JobDefinition['on'] {
  const reactions: Partial<Record<RunEvent, Reaction>> = {};
  for (const [event, target] of Object.entries(declared)) {
    if (target === undefined) continue;
    reactions[event as RunEvent] = typeof target === 'string' ? { service: target } : target;
  }
  return reactions;
}
