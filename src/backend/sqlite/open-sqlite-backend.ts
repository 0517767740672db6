import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import { JobsdError } from '../../errors.ts';
import type { Backend } from '../backend.ts';
import { LocalStore } from './local-store.ts';
import { lockStateFile } from './lock-state-file.ts';
import { openStoreReadOnly } from './open-store.ts';
import { SqliteBackend } from './sqlite-backend.ts';
import { storeFailure } from './store-failure.ts';
import { TextKeys } from './text-keys.ts';
import { ThreadedStore } from './threaded-store.ts';

export interface SqliteOptions {
  /** The state file; made with its folder when it is not there. Beside it: -wal, -shm, .lock. */
  readonly path: string;
  /** For reading beside a daemon that runs, or after one that died. Commits are refused. */
  readonly readOnly?: boolean;
  readonly clock: Clock;
}

/**
 * Opens the embedded ledger. Rejects with JOBSD_BACKEND_LOCKED while another process, or this one,
 * has it open for writing; JOBSD_BACKEND_CORRUPT when it is damaged or something else (it is left as
 * it is); JOBSD_BACKEND_TOO_NEW; JOBSD_BACKEND_UNWRITABLE; read-only also JOBSD_BACKEND_MISSING.
 */
export async function openSqliteBackend(options: SqliteOptions): Promise<Backend> {
  return options.readOnly === true ? openForReading(options) : openForWriting(options);
}

function openForReading({ path, clock }: SqliteOptions): Backend {
  const store = new LocalStore(
    guarded(path, () => openStoreReadOnly(path)),
    path,
  );
  return new SqliteBackend({ store, clock, texts: new TextKeys([]) });
}

async function openForWriting({ path, clock }: SqliteOptions): Promise<Backend> {
  const { realPath, unlock } = guarded(path, () => {
    const realPath = realStatePath(path);
    return { realPath, unlock: lockStateFile(realPath) };
  });
  const store = new ThreadedStore(realPath);
  try {
    const texts = new TextKeys(await store.opened());
    return new SqliteBackend({ store, clock, texts, unlock });
  } catch (error) {
    await store.abandon();
    unlock();
    throw error;
  }
}

/** One name for the file however it was written, so that two daemons meet in the same lock. */
function realStatePath(path: string): string {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(folder), basename(path));
  }
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const { code, detail } = storeFailure(cause, path);
    throw cause instanceof JobsdError ? cause : new JobsdError(code, detail, { cause });
  }
}
