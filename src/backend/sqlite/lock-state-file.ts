import { closeSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { JobsdError } from '../../errors.ts';

/** Gives the lock back. */
export type Unlock = () => void;

// Where SQLite keeps `application_id`: https://www.sqlite.org/fileformat.html#application_id
const applicationIdOffset = 68;
const sqliteBusy = 5;

// On `globalThis`, because the module may be there twice (source and build).
const registryKey = Symbol.for('jobsd.lockedStateFiles');
const registry = globalThis as { [registryKey]?: Set<string> };
registry[registryKey] ??= new Set();
const lockedHere: Set<string> = registry[registryKey];

/**
 * Makes this process the only one that writes the state file, for as long as it lives: a database of
 * its own, `<path>.lock`, held in SQLite's exclusive mode. The kernel drops the lock with the process,
 * however that ends. The holder's pid stands in the lock's header. `path` must be a real path.
 * Throws JOBSD_BACKEND_LOCKED.
 */
export function lockStateFile(path: string): Unlock {
  // First of all: opening and closing the lock's file a second time in one process would drop the
  // lock, as POSIX wants it (https://www.sqlite.org/howtocorrupt.html, 2.2).
  if (lockedHere.has(path)) throw lockedBy(process.pid, path);
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY');
    lock.exec(`PRAGMA synchronous = OFF; PRAGMA application_id = ${process.pid}`);
  } catch (error) {
    lock.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== sqliteBusy) throw error;
    throw lockedBy(holderOf(path), path);
  }
  lockedHere.add(path);
  return () => {
    if (lockedHere.delete(path)) lock.close();
  };
}

function holderOf(path: string): number {
  const file = openSync(`${path}.lock`, 'r');
  try {
    const cell = Buffer.alloc(4);
    readSync(file, cell, 0, cell.length, applicationIdOffset);
    return cell.readUInt32BE();
  } finally {
    closeSync(file);
  }
}

function lockedBy(pid: number, path: string): JobsdError {
  return new JobsdError('JOBSD_BACKEND_LOCKED', `Process ${pid} holds ${path}. Stop it first.`);
}
