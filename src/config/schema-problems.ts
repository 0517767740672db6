import { explainSchemaError } from './explain-schema-error.ts';
import { firstAlike, mostAlike } from './first-alike.ts';
import { type SchemaError, validate } from './generated/validate-document.js';
import { nearestKey } from './nearest-key.ts';
import type { ParsedFile } from './parsed-file.ts';
import { type Problem, type ValuePath, valueSpot } from './problem.ts';

export interface SchemaResult {
  readonly problems: readonly Problem[];
  /** Whether nothing in the file means anything to this program. */
  readonly isRefused: boolean;
  readonly broken: BrokenKeys;
}

/**
 * What the schema has refused: under `jobs/name`, `daemon` or `jobs` the keys in there that do not
 * fit, with `''` for the thing itself. All other keys can still be read.
 */
export type BrokenKeys = ReadonlyMap<string, ReadonlySet<string>>;

/** Every place of a file that does not fit the schema, each once. */
export function schemaProblems(file: ParsedFile): SchemaResult {
  const versionProblem = checkVersion(file);
  if (versionProblem !== undefined) {
    return { problems: [versionProblem], isRefused: true, broken: new Map() };
  }
  if (validate(file.value)) return { problems: [], isRefused: false, broken: new Map() };
  const problems: Problem[] = [];
  const broken = new Map<string, Set<string>>();
  const errors = (validate.errors ?? []).filter((error) => !isAboutName(error));
  for (const error of errors) {
    addBroken(broken, [...parsePointer(error.instancePath), ...keyInside(error)].map(String));
  }
  const known = withoutEchoes(errors).map((error) => ({ rule: error.keyword, error }));
  for (const { error, further } of firstAlike<Kind>(known, mostAlike, () => file.path)) {
    const problem = explainSchemaError(file, parsePointer(error.instancePath), error);
    problems.push(further === undefined ? problem : { ...problem, further });
  }
  return { problems, isRefused: false, broken };
}

/** An error of the schema, of which only the first of many are put into words. */
interface Kind {
  readonly rule: string;
  readonly error: SchemaError;
  readonly further?: number;
}

/** The key that is missing, unknown or of no known type. */
function keyInside(error: SchemaError): readonly unknown[] {
  const { additionalProperty, missingProperty, tag } = error.params;
  return [additionalProperty ?? missingProperty ?? tag].filter((key) => key !== undefined);
}

function addBroken(broken: Map<string, Set<string>>, path: readonly string[]): void {
  const [section = '', name, key] = path;
  const isNamed = namedSections.has(section);
  const owner = isNamed && name !== undefined ? `${section}/${name}` : section;
  const keys = broken.get(owner) ?? new Set();
  keys.add((isNamed ? key : name) ?? '');
  broken.set(owner, keys);
}

const namedSections = new Set(['endpoints', 'services', 'jobs', 'groups', 'calendars']);

/** The value without the keys that the schema has refused; undefined when it is refused itself. */
export function usablePart(value: unknown, refused: ReadonlySet<string> | undefined): unknown {
  if (refused === undefined) return value;
  if (refused.has('') || typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !refused.has(key)));
}

function checkVersion(file: ParsedFile): Problem | undefined {
  const { version } = file.value ?? {};
  if (version === 1) return undefined;
  if (version === undefined) {
    return {
      rule: 'missing-version',
      message: 'the file does not say its `version`',
      at: { file: file.path, start: file.root?.start ?? 0, end: (file.root?.start ?? 0) + 1 },
      help: 'Begin it with `version: 1`.',
    };
  }
  return {
    rule: 'unknown-version',
    message: `version ${JSON.stringify(version)} is not one that this jobsd reads`,
    at: valueSpot(file.path, 'version'),
    note: 'only 1 is known',
    help: versionHelp(version),
  };
}

function versionHelp(version: unknown): string {
  if (version === '1') return 'Write it without quotes.';
  const isLater = typeof version === 'number' && version > 1;
  return isLater ? 'A newer jobsd may read this file.' : 'Write `version: 1`.';
}

/** Names are checked where the files are merged, with better words. */
function isAboutName(error: SchemaError): boolean {
  return error.keyword === 'propertyNames' || 'propertyName' in error;
}

/**
 * One error for one mistake: a `type` that is missing is told by `required` too, and so is a
 * required key that is misspelt.
 */
function withoutEchoes(errors: readonly SchemaError[]): readonly SchemaError[] {
  const misspelt = new Set(errors.map(meantKey).filter((key) => key !== undefined));
  return errors.filter((error) => {
    if (error.keyword === 'discriminator') return error.params.tagValue !== undefined;
    if (error.keyword !== 'required') return true;
    return !misspelt.has(`${error.instancePath} ${error.params.missingProperty}`);
  });
}

/** Which key an unknown one was meant to be, and where. */
function meantKey(error: SchemaError): string | undefined {
  if (error.keyword !== 'additionalProperties') return undefined;
  const near = nearestKey(error);
  return near === undefined ? undefined : `${error.instancePath} ${near}`;
}

function parsePointer(pointer: string): ValuePath {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
