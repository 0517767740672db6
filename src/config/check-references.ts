import { builtInServices, isBuiltInService } from './built-in-services.ts';
import { quote } from './describe-value.ts';
import type { Declarations } from './merge-files.ts';
import { nearestName } from './nearest-name.ts';
import { type Problem, type ValuePath, valueSpot } from './problem.ts';
import type { JobDeclaration, TimedJobDeclaration } from './schema/job.ts';

type Kind = 'service' | 'endpoint' | 'group' | 'job' | 'calendar';

interface Reference {
  readonly kind: Kind;
  readonly name: string;
  /** Who refers, in words: `job "a"`. */
  readonly by: string;
  readonly file: string;
  readonly path: ValuePath;
}

/**
 * Names that nothing has. `mayBeDeclared` says whether a file that could not be read may hold the
 * name; then nothing is said, because the real mistake is there.
 */
export function checkReferences(
  declarations: Declarations,
  mayBeDeclared: (name: string) => boolean,
): readonly Problem[] {
  const names: Record<Kind, ReadonlyMap<string, unknown>> = {
    service: declarations.services,
    endpoint: declarations.endpoints,
    group: declarations.groups,
    job: declarations.jobs,
    calendar: declarations.calendars,
  };
  const problems: Problem[] = [];
  for (const reference of references(declarations)) {
    const { kind, name } = reference;
    if (names[kind].has(name) || (kind === 'service' && isBuiltInService(name))) continue;
    if (mayBeDeclared(name)) continue;
    problems.push(unknownReference(reference, names[kind].keys()));
  }
  return problems;
}

function* references(declarations: Declarations): Generator<Reference> {
  for (const { name, place, value } of declarations.jobs.values()) {
    if (value !== undefined) yield* referencesOfJob(name, place.file, value);
  }
  for (const { name, place, value } of declarations.services.values()) {
    for (const [index, endpoint] of (value?.endpoints ?? []).entries()) {
      const path = ['services', name, 'endpoints', index];
      yield {
        kind: 'endpoint',
        name: endpoint,
        by: `service ${quote(name)}`,
        file: place.file,
        path,
      };
    }
  }
}

function* referencesOfJob(name: string, file: string, job: JobDeclaration): Generator<Reference> {
  const by = `job ${quote(name)}`;
  // It may have been refused, see `Declared`.
  if (job.service !== undefined) {
    yield { kind: 'service', name: job.service, by, file, path: ['jobs', name, 'service'] };
  }
  if (job.group !== undefined) {
    yield { kind: 'group', name: job.group, by, file, path: ['jobs', name, 'group'] };
  }
  if (job.type !== 'manual') yield* referencesToCalendars(job, { by, file, path: ['jobs', name] });
  if (job.on === undefined) return;
  for (const [event, target] of Object.entries(job.on)) {
    if (target === undefined) continue;
    const path = ['jobs', name, 'on', event];
    if (typeof target === 'string') yield { kind: 'service', name: target, by, file, path };
    else yield* referencesOfReaction(target, { by, file, path });
  }
}

function* referencesToCalendars(
  job: Pick<TimedJobDeclaration, 'only' | 'except'>,
  from: Pick<Reference, 'by' | 'file' | 'path'>,
): Generator<Reference> {
  for (const key of ['only', 'except'] as const) {
    const names = job[key];
    if (typeof names === 'string') {
      yield { ...from, kind: 'calendar', name: names, path: [...from.path, key] };
      continue;
    }
    for (const [index, name] of (names ?? []).entries()) {
      yield { ...from, kind: 'calendar', name, path: [...from.path, key, index] };
    }
  }
}

function* referencesOfReaction(
  target: { readonly service?: string; readonly job?: string },
  from: Pick<Reference, 'by' | 'file' | 'path'>,
): Generator<Reference> {
  for (const kind of ['service', 'job'] as const) {
    const name = target[kind];
    if (name !== undefined) yield { ...from, kind, name, path: [...from.path, kind] };
  }
}

function unknownReference(reference: Reference, known: Iterable<string>): Problem {
  const { kind, name, by, file, path } = reference;
  const candidates = kind === 'service' ? [...known, ...builtInServices] : [...known];
  const near = nearestName(name, candidates);
  const article = kind === 'endpoint' ? 'an' : 'a';
  return {
    rule: `unknown-${kind}`,
    message: `${by} uses ${article} ${kind} that is not declared`,
    at: valueSpot(file, ...path),
    ...(near === undefined
      ? { help: `Declare ${quote(name)} under \`${kind}s\`, or correct the name.` }
      : { note: `did you mean "${near}"?` }),
  };
}
