import type { JsonValue } from './snapshot.ts';

/**
 * `extra` with `$${env:` and `$${file:` as the texts they stand for. Nothing is looked up in it:
 * what a job hands to its service is kept in the history of runs.
 */
export function unescapeExtra(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replace(/\$\$\{(?=env:|file:)/g, '$${');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unescapeExtra);
  const entries = Object.entries(value).map(([key, child]) => [key, unescapeExtra(child)]);
  return Object.fromEntries(entries);
}
