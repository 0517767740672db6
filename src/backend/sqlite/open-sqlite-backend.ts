import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { Backend } from '../backend.ts';
import { makeDirectories } from '../make-directories.ts';
import { LazyStore } from './lazy-store.ts';
import { lockStateFile } from './lock-state-file.ts';
import { openSqliteReader } from './open-sqlite-reader.ts';
import { SqliteBackend } from './sqlite-backend.ts';
import { guarded } from './store-failure.ts';
import { TextKeys } from './text-keys.ts';
import { ThreadedStore } from './threaded-store.ts';

export interface SqliteOptions {
  /** The state file; made with its folder when it is not there. Beside it: -wal, -shm, .lock. */
  readonly path: string;
  /** As `openSqliteReader`. */
  readonly readOnly?: boolean;
  readonly clock: Clock;
}

/**
 * Opens the embedded ledger. Rejects with JOBSD_BACKEND_LOCKED while another process, or this one,
 * has it open for writing; JOBSD_BACKEND_CORRUPT when it is damaged or something else (it is left as
 * it is); JOBSD_BACKEND_TOO_NEW; JOBSD_BACKEND_UNWRITABLE; read-only also JOBSD_BACKEND_MISSING.
 */
export async function openSqliteBackend(options: SqliteOptions): Promise<Backend> {
  return options.readOnly === true ? openSqliteReader(options) : openForWriting(options);
}

async function openForWriting({ path, clock }: SqliteOptions): Promise<Backend> {
  const { realPath, unlock } = guarded(path, () => {
    const realPath = realStatePath(path);
    return { realPath, unlock: lockStateFile(realPath) };
  });
  const writer = new ThreadedStore({ path: realPath });
  const reader = new LazyStore(() => new ThreadedStore({ path: realPath, readOnly: true }));
  try {
    const texts = new TextKeys(await writer.textEntries());
    return new SqliteBackend({ writer, reader, clock, texts, unlock });
  } catch (error) {
    await writer.abandon();
    unlock();
    throw error;
  }
}

/** One name for the file however it was written, so that two daemons meet in the same lock. */
function realStatePath(path: string): string {
  const folder = dirname(path);
  makeDirectories(folder, 0o700);
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(folder), basename(path));
  }
}
