import type { Clock } from '../../clock/clock.ts';
import type { Backend } from '../backend.ts';
import { LocalStore } from './local-store.ts';
import { openStoreReadOnly } from './open-store.ts';
import { SqliteBackend } from './sqlite-backend.ts';
import { guarded } from './store-failure.ts';
import { TextKeys } from './text-keys.ts';

/**
 * Opens the embedded ledger for reading, beside a daemon that writes it or after one that died.
 * Commits are refused. Rejects with JOBSD_BACKEND_MISSING, JOBSD_BACKEND_CORRUPT,
 * JOBSD_BACKEND_TOO_NEW or JOBSD_BACKEND_UNWRITABLE.
 */
export async function openSqliteReader(options: {
  readonly path: string;
  readonly clock: Clock;
}): Promise<Backend> {
  const { path, clock } = options;
  const opened = guarded(path, () => openStoreReadOnly(path));
  const store = new LocalStore(opened, path);
  return new SqliteBackend({ writer: store, reader: store, clock, texts: new TextKeys([]) });
}
