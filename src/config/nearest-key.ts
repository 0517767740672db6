import type { SchemaError } from './generated/validate-document.js';
import { nearestName } from './nearest-name.ts';

/** The key that an unknown one was most likely meant to be, of those that may stand there. */
export function nearestKey(error: SchemaError): string | undefined {
  const key = String(error.params.additionalProperty);
  const known = Object.keys(error.parentSchema.properties ?? {});
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
