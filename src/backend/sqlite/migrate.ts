import { DatabaseSync } from 'node:sqlite';
import { ledgerMigration } from './migrations/0001-ledger.ts';
import { originMigration } from './migrations/0002-origin.ts';
import { runNumberMigration } from './migrations/0003-run-number.ts';

/** In the header of every state file: `jobd`. */
export const applicationId = 0x6a_6f_62_64;

/** One step for each version, in order. Forward only: never change a step that was released. */
const migrations: readonly string[] = [ledgerMigration, originMigration, runNumberMigration];

export const newestVersion = migrations.length;

/** Brings the file to a version, the newest if none is given; each step whole or not at all. */
export function migrate(db: DatabaseSync, version = newestVersion): void {
  let reached = versionOf(db);
  for (const migration of migrations.slice(reached, version)) {
    reached += 1;
    db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; ${migration};
      PRAGMA user_version = ${reached}; COMMIT`);
  }
}

/** Whether the file has exactly the tables and indexes that its version is to have. */
export function hasOwnSchema(db: DatabaseSync): boolean {
  const model = new DatabaseSync(':memory:');
  try {
    migrate(model, versionOf(db));
    return schemaOf(db) === schemaOf(model);
  } finally {
    model.close();
  }
}

export function versionOf(db: DatabaseSync, schema = 'main'): number {
  return Number(db.prepare(`PRAGMA ${schema}.user_version`).get()?.user_version);
}

function schemaOf(db: DatabaseSync): string {
  const rows = db
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name')
    .all();
  return JSON.stringify(rows);
}
