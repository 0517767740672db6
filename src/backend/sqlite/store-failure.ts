import { type ErrorCode, JobsdError } from '../../errors.ts';
import { DamagedState } from './damaged-state.ts';

/** What went wrong in the store, as plain data that can cross from its thread. */
export interface StoreFailure {
  readonly code: ErrorCode;
  readonly detail: string;
}

// Primary result codes, https://www.sqlite.org/rescode.html
const sqliteCorrupt = 11;
const sqliteIoError = 10;
const sqliteFull = 13;
const sqliteNotADatabase = 26;

/** The failure that an error of SQLite, of the file system or of our own checks stands for. */
export function storeFailure(error: unknown, path: string): StoreFailure {
  if (error instanceof JobsdError) return { code: error.code, detail: error.detail ?? '' };
  const { message } = error as Error;
  const { code } = error as NodeJS.ErrnoException;
  const result = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  const isDamage = result === sqliteCorrupt || result === sqliteNotADatabase;
  // Nothing is ever written that JavaScript could not hold.
  if (error instanceof DamagedState || isDamage || code === 'ERR_OUT_OF_RANGE') {
    return { code: 'JOBSD_BACKEND_CORRUPT', detail: corruptDetail(path, message) };
  }
  const isAboutDisk = result === sqliteFull || result === sqliteIoError;
  const remedy = isAboutDisk ? ' Look at its disk: is it full, over a quota, or gone?' : '';
  return { code: 'JOBSD_BACKEND_UNWRITABLE', detail: `${path}: ${message}.${remedy}` };
}

/** What is said about a damaged file: nothing of it is touched, and this is how to get on. */
export function corruptDetail(path: string, why: string): string {
  return (
    `${path}: ${why.replace(/\.$/, '')}. It was left as it is. To go on, move it away together with ` +
    `its -wal and -shm files and start again; to save its records first: ` +
    `sqlite3 '${path}' .recover | sqlite3 recovered.db`
  );
}

/** Runs `work`; whatever it throws becomes a `JobsdError` about the file. */
export function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof JobsdError) throw cause;
    const { code, detail } = storeFailure(cause, path);
    throw new JobsdError(code, detail, { cause });
  }
}
