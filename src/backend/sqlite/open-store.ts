import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JobsdError } from '../../errors.ts';
import { damagedLog } from './damaged-log.ts';
import { damagedPages } from './damaged-pages.ts';
import { DamagedState } from './damaged-state.ts';
import { applicationId, hasOwnSchema, migrate, newestVersion, versionOf } from './migrate.ts';
import { migratedCopy } from './migrated-copy.ts';
import { stateFileWatch } from './state-file-watch.ts';
import { Store } from './store.ts';
import { corruptDetail } from './store-failure.ts';

// https://www.sqlite.org/rescode.html#error
const sqliteError = 1;
const magic = 'SQLite format 3\0';

/** Opens the state file for writing, making it when there is none. The caller holds its lock. */
export function openStore(path: string): Store {
  if (!exists(path)) create(path);
  assertStateFile(path);
  assertSound(path);
  const db = new DatabaseSync(path, { timeout: 5000 });
  return closingOnFailure(db, () => {
    // A commit is on disk when it returns. The log of changes is folded into the file every 8 MB:
    // half as often costs a tenth less, but then the commit that does it takes twice as long.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    db.exec('PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -65536');
    migrate(db);
    return new Store(db, stateFileWatch(path));
  });
}

/** Opens the state file for reading, beside a daemon that writes it or after one that died. */
export function openStoreReadOnly(path: string): Store {
  if (!exists(path)) throw new JobsdError('JOBSD_BACKEND_MISSING', path);
  assertStateFile(path);
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  return closingOnFailure(db, () => {
    assertVersion(db, path);
    if (versionOf(db) === newestVersion) return new Store(db);
    if (!hasOwnSchema(db)) throw new DamagedState('Its tables are not those of a state file');
    const store = new Store(migratedCopy(path));
    db.close();
    return store;
  });
}

/**
 * Looks before anything is opened for writing: whoever last closes a file that was open for writing
 * folds the log of changes into it, and a damaged file must stay as it is.
 */
function assertSound(path: string): void {
  const logDamage = damagedLog(`${path}-wal`);
  if (logDamage !== undefined) throw new DamagedState(logDamage);
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  closingOnFailure(db, () => {
    assertVersion(db, path);
    if (!hasOwnSchema(db)) throw new DamagedState('Its tables are not those of a state file');
    const damage = damagedPages(db);
    if (damage !== undefined) throw new DamagedState(damage);
  });
  db.close();
}

function closingOnFailure<Result>(db: DatabaseSync, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    db.close();
    // Our statements fit our tables: if SQLite cannot even understand them, the tables are not ours.
    const isMisfit = (error as { errcode?: number }).errcode === sqliteError;
    throw isMisfit ? new DamagedState((error as Error).message, { cause: error }) : error;
  }
}

function exists(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', `${path} is a directory; name a file.`);
  }
  return stat !== undefined;
}

/** Makes the whole file under another name first, so that an empty state file is never a new one. */
function create(path: string): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  // The ledger holds payloads and results: for its owner only.
  closeSync(openSync(draft, 'wx', 0o600));
  const db = new DatabaseSync(draft);
  try {
    migrate(db);
  } finally {
    db.close();
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** After a power failure the new name must be there, not only the bytes. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function assertStateFile(path: string): void {
  const header = Buffer.alloc(magic.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1') !== magic) {
    throw new JobsdError('JOBSD_BACKEND_CORRUPT', corruptDetail(path, 'It is no state file'));
  }
}

function assertVersion(db: DatabaseSync, path: string): void {
  const application = Number(db.prepare('PRAGMA application_id').get()?.application_id);
  if (application !== applicationId) {
    throw new JobsdError(
      'JOBSD_BACKEND_CORRUPT',
      corruptDetail(path, 'It is a database of another program'),
    );
  }
  const version = versionOf(db);
  if (version > newestVersion) {
    throw new JobsdError(
      'JOBSD_BACKEND_TOO_NEW',
      `${path} has version ${version}; this jobsd knows up to ${newestVersion}. Update jobsd.`,
    );
  }
}
