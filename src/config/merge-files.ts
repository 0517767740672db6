import { append } from './append.ts';
import { checkName } from './check-name.ts';
import type { Place } from './finding.ts';
import { type LineTable, lineTable } from './line-table.ts';
import type { ParsedFile } from './parsed-file.ts';
import { entrySpot, keySpot, type Problem } from './problem.ts';
import type { CalendarDeclaration } from './schema/calendar.ts';
import type { DaemonDeclaration } from './schema/daemon.ts';
import type { DefaultsDeclaration } from './schema/defaults.ts';
import type { EndpointDeclaration } from './schema/endpoint.ts';
import type { GroupDeclaration } from './schema/group.ts';
import type { JobDeclaration } from './schema/job.ts';
import type { ServiceDeclaration } from './schema/service.ts';
import { type BrokenKeys, schemaProblems, usablePart } from './schema-problems.ts';
import type { JsonValue } from './snapshot.ts';
import type { Steps } from './steps.ts';
import type { MapEntry } from './yaml/node.ts';

/** One named entry of one file. */
export interface Declared<Declaration> {
  readonly name: string;
  readonly place: Place;
  /**
   * Without the keys that the schema has refused, even required ones; absent when it is refused
   * as a whole and known by name only.
   */
  readonly value?: Declaration;
  /** Keys that are missing or have been taken out. */
  readonly refused?: ReadonlySet<string>;
}

export type DeclaredMap<Declaration> = Map<string, Declared<Declaration>>;

/** All files as one, before any name is looked up. */
export interface Declarations {
  readonly endpoints: DeclaredMap<EndpointDeclaration>;
  readonly services: DeclaredMap<ServiceDeclaration>;
  readonly jobs: DeclaredMap<JobDeclaration>;
  readonly groups: DeclaredMap<GroupDeclaration>;
  readonly calendars: DeclaredMap<CalendarDeclaration>;
  readonly defaults: DefaultsDeclaration;
  /** Which file each key of `defaults` is from. */
  readonly defaultsFrom: ReadonlyMap<string, string>;
  readonly daemon: DaemonDeclaration;
  readonly daemonFrom?: string;
}

export interface MergeResult {
  readonly declarations: Declarations;
  readonly problems: readonly Problem[];
}

const sections = ['endpoints', 'services', 'jobs', 'groups', 'calendars'] as const;
type Section = (typeof sections)[number];

interface Merge {
  readonly problems: Problem[];
  readonly entries: Record<Section, DeclaredMap<never>>;
  /** Per section, the name in small letters of each entry seen. */
  readonly seen: Record<Section, Map<string, Declared<unknown>>>;
  readonly defaults: Map<string, { readonly file: string; readonly value: JsonValue }>;
  daemon?: { readonly file: string; readonly value: DaemonDeclaration };
}

/** Checks each file against the schema and merges them by name. */
export function* mergeFiles(files: readonly ParsedFile[]): Steps<MergeResult> {
  const merge: Merge = {
    problems: [],
    entries: mapPerSection<never>(),
    seen: mapPerSection<Declared<unknown>>(),
    defaults: new Map(),
  };
  for (const file of files) yield* mergeFile(merge, file);
  return { declarations: declarationsOf(merge), problems: merge.problems };
}

function mapPerSection<Value>(): Record<Section, Map<string, Value>> {
  return {
    endpoints: new Map(),
    services: new Map(),
    jobs: new Map(),
    groups: new Map(),
    calendars: new Map(),
  };
}

function declarationsOf(merge: Merge): Declarations {
  const defaults = [...merge.defaults].map(([key, { value }]) => [key, value]);
  const { daemon } = merge;
  return {
    ...merge.entries,
    defaults: Object.fromEntries(defaults),
    defaultsFrom: new Map([...merge.defaults].map(([key, { file }]) => [key, file])),
    daemon: daemon?.value ?? {},
    ...(daemon === undefined ? {} : { daemonFrom: daemon.file }),
  };
}

function* mergeFile(merge: Merge, file: ParsedFile): Steps<void> {
  if (file.value === undefined) return;
  const { problems, isRefused, broken } = schemaProblems(file);
  append(merge.problems, problems);
  if (isRefused) return;
  const lines = lineTable(file.text);
  for (const section of sections) yield* mergeSection(merge, file, section, broken, lines);
  mergeDefaults(merge, file, usablePart(file.value.defaults, broken.get('defaults')));
  mergeDaemon(merge, file, usablePart(file.value.daemon, broken.get('daemon')));
}

function* mergeSection(
  merge: Merge,
  file: ParsedFile,
  section: Section,
  broken: BrokenKeys,
  lines: LineTable,
): Steps<void> {
  const values = file.value?.[section];
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return;
  for (const entry of entriesOf(file, section)) {
    yield;
    const { key } = entry;
    const place = placeOf(file, entry, lines);
    const refused = broken.get(`${section}/${key}`);
    const value = usablePart((values as Readonly<Record<string, JsonValue>>)[key], refused);
    mergeEntry(merge, section, {
      name: key,
      place,
      ...(value === undefined ? {} : { value }),
      ...(refused === undefined ? {} : { refused }),
    });
  }
}

function entriesOf(file: ParsedFile, section: string): readonly MapEntry[] {
  if (file.root?.kind !== 'map') return [];
  const found = file.root.entries.find((entry) => entry.key === section);
  return found?.value.kind === 'map' ? found.value.entries : [];
}

function placeOf(file: ParsedFile, entry: MapEntry, lines: LineTable): Place {
  const { line, column } = lines.positionAt(entry.keyStart);
  return { file: file.path, line, column, endColumn: column + entry.keyEnd - entry.keyStart };
}

function mergeEntry(merge: Merge, section: Section, entry: Declared<unknown>): void {
  const at = entrySpot(entry.place.file, section, entry.name);
  const nameProblem = checkName(section, entry.name, at);
  if (nameProblem !== undefined) merge.problems.push(nameProblem);
  const key = entry.name.toLowerCase();
  const first = merge.seen[section].get(key);
  if (first !== undefined) {
    merge.problems.push(declaredTwice(section, entry, first));
    return;
  }
  merge.seen[section].set(key, entry);
  (merge.entries[section] as DeclaredMap<unknown>).set(entry.name, entry);
}

function declaredTwice(
  section: Section,
  entry: Declared<unknown>,
  first: Declared<unknown>,
): Problem {
  const kind = section.slice(0, -1);
  const isSame = entry.name === first.name;
  return {
    rule: 'duplicate-name',
    message: isSame
      ? `the ${kind} "${entry.name}" is declared twice`
      : `the ${kind}s "${first.name}" and "${entry.name}" differ only in capitals`,
    at: entrySpot(entry.place.file, section, entry.name),
    note: 'again here',
    related: [{ at: entrySpot(first.place.file, section, first.name), note: 'first here' }],
    help: 'Files are merged by name. Rename one of them, or remove it.',
  };
}

/** Keys of `defaults` may be spread over files; one key with two values is a contradiction. */
function mergeDefaults(merge: Merge, file: ParsedFile, defaults: unknown): void {
  if (defaults === undefined) return;
  for (const [key, value] of Object.entries(defaults as Readonly<Record<string, JsonValue>>)) {
    const first = merge.defaults.get(key);
    if (first === undefined) merge.defaults.set(key, { file: file.path, value });
    else if (JSON.stringify(first.value) !== JSON.stringify(value)) {
      merge.problems.push({
        rule: 'conflicting-defaults',
        message: `two files give different defaults for "${key}"`,
        at: keySpot(file.path, 'defaults', key),
        note: 'another value here',
        related: [{ at: keySpot(first.file, 'defaults', key), note: 'first here' }],
        help: 'Defaults hold for the jobs of all files. Keep one of them.',
      });
    }
  }
}

function mergeDaemon(merge: Merge, file: ParsedFile, daemon: unknown): void {
  if (file.value?.daemon === undefined) return;
  if (merge.daemon !== undefined) {
    merge.problems.push({
      rule: 'duplicate-daemon',
      message: 'two files have a "daemon" section',
      at: keySpot(file.path, 'daemon'),
      note: 'again here',
      related: [{ at: keySpot(merge.daemon.file, 'daemon'), note: 'first here' }],
      help: 'There is one daemon: keep its settings in one file.',
    });
    return;
  }
  merge.daemon = { file: file.path, value: (daemon ?? {}) as DaemonDeclaration };
}
