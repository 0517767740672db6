import { JobsdError } from '../errors.ts';
import { maxKeyBytes, maxValueBytes, type PruneOptions, type RunQuery } from './backend.ts';

/** What every backend refuses alike. All throw JOBSD_INPUT_INVALID. */
export function checkRunQuery({ limit, after }: RunQuery): void {
  checkRange('limit', limit, 1, 1000);
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    refuse(`"after" must be what an earlier page gave as "next", not "${after.slice(0, 40)}".`);
  }
}

export function checkPruneOptions({ before, keep, limit }: PruneOptions): void {
  checkRange('before', before, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  checkRange('keep', keep, 0, Number.MAX_SAFE_INTEGER);
  checkRange('limit', limit, 1, 10_000);
}

export function checkKey(key: string): void {
  if (key === '') refuse('A key must not be empty.');
  checkBytes('A key', key, maxKeyBytes);
}

export function checkValue(key: string, value: string): void {
  checkBytes(`The value of "${key}"`, value, maxValueBytes);
}

export function checkTtl(ttlMs: number | undefined): void {
  if (ttlMs !== undefined) checkRange('ttlMs', ttlMs, 1, 2 ** 52);
}

export function checkKeyLimit(limit: number): void {
  checkRange('limit', limit, 1, 1000);
}

export function checkIncrement(by: number): void {
  checkRange('by', by, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

/** Instants and counts are whole numbers everywhere in the ledger. */
export function checkWholeNumber(field: string, value: unknown): void {
  if (!Number.isSafeInteger(value)) refuse(`"${field}" must be a whole number, not ${value}.`);
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  refuse(`"${name}" must be a whole number from ${least} to ${most}, not ${value}.`);
}

function checkBytes(what: string, text: string, most: number): void {
  if (typeof text !== 'string') refuse(`${what} must be a text.`);
  const bytes = text.length * 3 <= most ? 0 : new TextEncoder().encode(text).length;
  if (bytes > most) refuse(`${what} has ${bytes} bytes; at most ${most} are kept.`);
}

function refuse(detail: string): never {
  throw new JobsdError('JOBSD_INPUT_INVALID', detail);
}
