import { JobsdError } from '../../errors.ts';

/** The payload of a built-in as a map with known keys only. Throws a permanent error otherwise. */
export function readInput<Key extends string>(
  payload: string | undefined,
  keys: readonly Key[],
): Partial<Record<Key, unknown>> {
  const input: unknown = payload === undefined ? undefined : JSON.parse(payload);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalidInput(`It must be a map with ${listed(keys)}.`);
  }
  for (const key of Object.keys(input)) {
    if (!(keys as readonly string[]).includes(key)) {
      throw invalidInput(`It has no "${key}"; it has ${listed(keys)}.`);
    }
  }
  return input as Partial<Record<Key, unknown>>;
}

/** A text, or `undefined` when absent. */
export function optionalText(value: unknown, key: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw invalidInput(`"${key}" must be a text.`);
}

export function requiredText(value: unknown, key: string): string {
  const text = optionalText(value, key);
  if (text === undefined || text === '') throw invalidInput(`"${key}" is needed.`);
  return text;
}

/** Texts by name, or `undefined` when absent. Numbers and booleans are taken as their text. */
export function optionalTexts(value: unknown, key: string): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidInput(`"${key}" must be a map.`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

/** Another attempt would get the same input: not worth a retry. */
export function invalidInput(detail: string): JobsdError {
  const error = new JobsdError('JOBSD_INPUT_INVALID', detail);
  return Object.assign(error, { retryable: false });
}

function listed(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}
