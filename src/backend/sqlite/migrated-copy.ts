import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { migrate, versionOf } from './migrate.ts';

/**
 * A state file of an older jobsd as it will be when a daemon has brought it up to date, in memory:
 * whoever only reads must neither change the file nor wait for a daemon that does.
 */
export function migratedCopy(path: string): DatabaseSync {
  const copy = new DatabaseSync(':memory:');
  try {
    copy.prepare('ATTACH ? AS older').run(`${pathToFileURL(path)}?mode=ro`);
    const version = versionOf(copy, 'older');
    migrate(copy, version);
    for (const table of tablesOf(copy)) {
      copy.exec(`INSERT INTO main.${table} SELECT * FROM older.${table}`);
    }
    copy.exec('DETACH older');
    migrate(copy);
    copy.exec('PRAGMA query_only = ON');
    return copy;
  } catch (error) {
    copy.close();
    throw error;
  }
}

function tablesOf(db: DatabaseSync): string[] {
  const rows = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").all();
  return rows.map(({ name }) => `"${name}"`);
}
