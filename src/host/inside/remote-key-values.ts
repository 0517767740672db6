import { JobsdError } from '../../errors.ts';
import type { KeyValues } from '../../service/key-values.ts';
import type { AskPool } from './pool-calls.ts';

const maxKeyLength = 1024;
const maxValueLength = 4 * 1024 * 1024;
const maxKeys = 1000;

/** The daemon's key-value store, seen from a host. Rejects with JOBSD_INPUT_INVALID past the bounds. */
export function remoteKeyValues(ask: AskPool): KeyValues {
  return {
    get: async (key) => textOrNone(await ask(['kv-get', checkedKey(key)])),
    async getJson(key) {
      const text = textOrNone(await ask(['kv-get', checkedKey(key)]));
      return text === undefined ? undefined : JSON.parse(text);
    },
    async set(key, value, options) {
      await ask(['kv-set', checkedKey(key), checkedValue(value), checkedTtl(options?.ttlMs)]);
    },
    delete: async (key) => (await ask(['kv-delete', checkedKey(key)])) === true,
    keys: async (prefix = '', limit = maxKeys) =>
      (await ask(['kv-keys', prefix, Math.min(limit, maxKeys)])) as string[],
    async increment(key, by = 1) {
      if (!Number.isSafeInteger(by)) throw invalid('A count is increased by a whole number only.');
      return (await ask(['kv-increment', checkedKey(key), by])) as number;
    },
  };
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function checkedKey(key: string): string {
  if (typeof key === 'string' && key !== '' && key.length <= maxKeyLength) return key;
  throw invalid(`A key is a text of 1 to ${maxKeyLength} characters.`);
}

function checkedValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof text !== 'string')
    throw invalid(`A ${typeof value} cannot be kept; delete the key instead.`);
  if (text.length > maxValueLength)
    throw invalid(`A value holds at most ${maxValueLength} characters.`);
  return text;
}

function checkedTtl(ttlMs: number | undefined): number | null {
  if (ttlMs === undefined) return null;
  if (Number.isFinite(ttlMs) && ttlMs > 0) return ttlMs;
  throw invalid('"ttlMs" is a number of milliseconds above 0.');
}

function invalid(detail: string): JobsdError {
  return new JobsdError('JOBSD_INPUT_INVALID', detail);
}
