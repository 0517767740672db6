import type { ParsedFile } from './parsed-file.ts';
import type { ValuePath } from './problem.ts';
import type { JsonValue } from './snapshot.ts';

/** What stands at a path of a file, as written; undefined where nothing does. */
export function declaredValue(
  file: ParsedFile | undefined,
  path: ValuePath,
): JsonValue | undefined {
  let value: JsonValue | undefined = file?.value;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Readonly<Record<string | number, JsonValue>>)[step];
  }
  return value;
}
