import { explainSchemaError } from './explain-schema-error.ts';
import { type SchemaError, validate } from './generated/validate-document.js';
import type { ParsedFile } from './parse-file.ts';
import { type Problem, type ValuePath, valueSpot } from './problem.ts';

export interface SchemaResult {
  readonly problems: readonly Problem[];
  /** Entries (`jobs/name`) and sections (`daemon`) that do not fit: nothing more is read in them. */
  readonly broken: ReadonlySet<string>;
}

/** Every place of a file that does not fit the schema, each once. */
export function schemaProblems(file: ParsedFile): SchemaResult {
  const versionProblem = checkVersion(file);
  if (versionProblem !== undefined) return { problems: [versionProblem], broken: everything };
  if (validate(file.value)) return { problems: [], broken: nothing };
  const problems: Problem[] = [];
  const broken = new Set<string>();
  for (const error of relevant(validate.errors ?? [])) {
    const path = parsePointer(error.instancePath);
    broken.add(entryKey(path));
    problems.push(explainSchemaError(file, path, error));
  }
  return { problems, broken };
}

const nothing: ReadonlySet<string> = new Set();

/** A file of another version says nothing that this program could understand. */
const everything: ReadonlySet<string> = new Set(['']);

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
    help: version === '1' ? 'Write it without quotes.' : 'A newer jobsd may read this file.',
  };
}

/** Names are checked where the files are merged, with better words. */
function relevant(errors: readonly SchemaError[]): readonly SchemaError[] {
  return errors.filter((error) => error.keyword !== 'propertyNames' && !('propertyName' in error));
}

function parsePointer(pointer: string): ValuePath {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `jobs/name`, or the section alone for what is above entries. */
export function entryKey(path: ValuePath): string {
  return path.slice(0, 2).join('/');
}

/** Whether the schema has refused this entry, its section or its whole file. */
export function isBroken(broken: ReadonlySet<string>, section: string, name?: string): boolean {
  if (broken.size === 0) return false;
  if (broken.has('') || broken.has(section)) return true;
  return name === undefined
    ? [...broken].some((key) => key.startsWith(`${section}/`))
    : broken.has(`${section}/${name}`);
}
