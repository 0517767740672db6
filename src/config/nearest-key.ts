import type { SchemaError } from './generated/validate-document.js';
import { nearestName } from './nearest-name.ts';

/** The key that an unknown one was most likely meant to be, of those that may stand there. */
export function nearestKey({ params, parentSchema }: SchemaError): string | undefined {
  const key = String(params.additionalProperty);
  let keys = found.get(parentSchema);
  // A file of thousands of keys that are all unknown, and all different, is not kept.
  if (keys === undefined || keys.size >= mostKept) {
    keys = new Map();
    found.set(parentSchema, keys);
  }
  if (!keys.has(key))
    keys.set(key, nearestKeyAmong(key, Object.keys(parentSchema.properties ?? {})));
  return keys.get(key);
}

/** Who misspells a key does so in a thousand jobs: a generator, most often. */
const found = new WeakMap<object, Map<string, string | undefined>>();
const mostKept = 1000;

/** Of these: one that other schedulers call so, else the one spelt most alike. */
export function nearestKeyAmong(key: string, known: readonly string[]): string | undefined {
  const ours = synonyms.get(key.toLowerCase())?.find((name) => known.includes(name));
  return ours ?? nearestName(key, known);
}

/** Words of other schedulers, in small letters, and what they are here. */
const synonyms: ReadonlyMap<string, readonly string[]> = new Map([
  ['tz', ['timezone']],
  ['zone', ['timezone']],
  ['interval', ['every']],
  ['schedule', ['cron', 'every', 'at']],
  ['expression', ['cron']],
  ['date', ['at']],
  ['when', ['at']],
  ['concurrency', ['overlap']],
  ['retries', ['retry']],
  ['payload', ['extra']],
  ['input', ['extra']],
  ['path', ['module']],
  ['file', ['module']],
  ['failed', ['failure']],
  ['error', ['failure']],
  ['succeeded', ['success']],
  ['timedout', ['timeout']],
  ['recovered', ['recovery']],
]);
