import type { JsonValue } from './snapshot.ts';
import { mergeConflicts } from './yaml/merge-conflict.ts';
import { toJsonValue, type YamlNode } from './yaml/node.ts';
import type { TextProblem } from './yaml/text-problem.ts';
import type { YamlResult } from './yaml/yaml-result.ts';

/** A file after YAML. */
export interface ParsedFile {
  readonly path: string;
  readonly text: string;
  /** Absent when the file cannot be read as one map. */
  readonly value?: { readonly [key: string]: JsonValue };
  readonly root?: YamlNode;
  readonly problems: readonly TextProblem[];
}

/** A text and what YAML made of it, as one map or as what is wrong with it. */
export function parsedFile(path: string, text: string, { root, problems }: YamlResult): ParsedFile {
  if (problems.some((found) => !found.isLocal)) {
    const conflicts = mergeConflicts(text);
    return { path, text, problems: conflicts.length > 0 ? conflicts : problems };
  }
  if (root === undefined || isNothing(root)) return { path, text, problems: [emptyFile(text)] };
  const value = toJsonValue(root);
  if (!isPlainMap(value)) return { path, text, problems: [...problems, notAMap(root)] };
  return { path, text, value, root, problems };
}

function isNothing(root: YamlNode): boolean {
  return root.kind === 'scalar' && root.value === null;
}

function isPlainMap(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function emptyFile(text: string): TextProblem {
  const message =
    text.trim() === '' ? 'the file is empty' : 'the file has nothing in it but comments';
  const help = 'Begin with `version: 1`, or remove the file.';
  return { rule: 'empty-file', message, start: 0, end: 1, help };
}

function notAMap(root: YamlNode): TextProblem {
  const found = root.kind === 'sequence' ? 'a list' : 'a single value';
  return {
    rule: 'not-a-map',
    message: `the file is ${found}, not a map`,
    start: root.start,
    end: root.start + 1,
    help: 'The top of a file has keys such as `version`, `services` and `jobs`.',
  };
}
