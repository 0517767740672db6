import type { Milliseconds } from '../clock/clock.ts';
import { checkTimezone } from '../schedule/timezone.ts';
import { append } from './append.ts';
import type { CalendarFiles } from './calendar/calendar-files.ts';
import { readCalendar } from './calendar/read-calendar.ts';
import type { Declarations, Declared, DeclaredMap } from './merge-files.ts';
import { type Problem, valueSpot } from './problem.ts';
import { readDaemon } from './read-daemon.ts';
import { durationReader } from './read-duration.ts';
import { readEndpoint } from './read-endpoint.ts';
import { readGroup } from './read-group.ts';
import { readJob } from './read-job.ts';
import { readCatchUp, readRetry } from './read-policies.ts';
import { readService } from './read-service.ts';
import type { DefaultsDeclaration } from './schema/defaults.ts';
import type { Snapshot } from './snapshot.ts';
import type { Steps } from './steps.ts';

export type Definitions = Omit<Snapshot, 'revision'>;

export interface ReadResult {
  /** Everything that could be read; not whole when there are problems. */
  readonly definitions: Definitions;
  readonly problems: readonly Problem[];
}

/** Declarations with their defaults filled in, and their texts and files read. */
export function* readDefinitions(
  declarations: Declarations,
  calendarFiles: CalendarFiles,
): Steps<ReadResult> {
  const problems: Problem[] = [];
  const checked = checkDefaults(declarations);
  append(problems, checked.problems);
  const daemon = readDaemon(declarations);
  problems.push(...daemon.problems);
  const services = yield* readAll(problems, declarations.services, readService);
  const calendars = yield* readAll(problems, declarations.calendars, (entry) =>
    readCalendar(entry, calendarFiles),
  );
  const context = {
    calendars,
    defaults: checked.defaults,
    serviceTimeoutMs: (name: string): Milliseconds | undefined => services.get(name)?.timeoutMs,
  };
  const definitions = {
    daemon: daemon.settings,
    endpoints: yield* readAll(problems, declarations.endpoints, readEndpoint),
    services,
    groups: yield* readAll(problems, declarations.groups, readGroup),
    calendars,
    jobs: yield* readAll(problems, declarations.jobs, (entry) => readJob(entry, context)),
  };
  return { definitions, problems };
}

function* readAll<Declaration, Definition>(
  problems: Problem[],
  declared: DeclaredMap<Declaration>,
  readOne: (entry: Usable<Declaration>) => {
    definition?: Definition;
    problems: readonly Problem[];
  },
): Steps<Map<string, Definition>> {
  const definitions = new Map<string, Definition>();
  for (const entry of declared.values()) {
    yield;
    if (!isUsable(entry)) continue;
    const result = readOne(entry);
    append(problems, result.problems);
    if (result.definition !== undefined) definitions.set(entry.name, result.definition);
  }
  return definitions;
}

export type Usable<Declaration> = Declared<Declaration> & { readonly value: Declaration };

function isUsable<Declaration>(entry: Declared<Declaration>): entry is Usable<Declaration> {
  return entry.value !== undefined;
}

/** Told once here, and then left out, or every job would tell it again. */
function checkDefaults(declarations: Declarations) {
  const { defaults, defaultsFrom } = declarations;
  const problems: Problem[] = [];
  const fileOf = (key: string) => defaultsFrom.get(key) ?? '';
  const usable: { -readonly [Key in keyof DefaultsDeclaration]: DefaultsDeclaration[Key] } = {
    ...defaults,
  };
  const zone = defaults.timezone === undefined ? undefined : checkTimezone(defaults.timezone);
  if (zone?.ok === false) {
    const at = valueSpot(fileOf('timezone'), 'defaults', 'timezone');
    problems.push({ rule: 'unknown-timezone', message: zone.message, at, help: zone.help });
    delete usable.timezone;
  }
  for (const key of ['timeout', 'grace'] as const) {
    const reader = durationReader(fileOf(key));
    if (key === 'timeout') reader.positive(['defaults', key], defaults[key]);
    else reader.optional(['defaults', key], defaults[key]);
    append(problems, reader.problems);
  }
  const ofRetry = durationReader(fileOf('retry'));
  readRetry(['defaults', 'retry'], defaults.retry, {}, ofRetry);
  const ofCatchUp = durationReader(fileOf('catchUp'));
  readCatchUp(['defaults', 'catchUp'], defaults.catchUp, undefined, ofCatchUp);
  problems.push(...ofRetry.problems, ...ofCatchUp.problems);
  return { defaults: usable as DefaultsDeclaration, problems };
}
