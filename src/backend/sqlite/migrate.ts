import type { DatabaseSync } from 'node:sqlite';
import { ledgerMigration } from './migrations/0001-ledger.ts';

/** In the header of every state file: `jobd`. */
export const applicationId = 0x6a_6f_62_64;

/** One step for each version, in order. Forward only: never change a step that was released. */
const migrations: readonly string[] = [ledgerMigration];

export const newestVersion = migrations.length;

/** Brings the file to the newest version; each step whole or not at all. */
export function migrate(db: DatabaseSync): void {
  let version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  for (const migration of migrations.slice(version)) {
    version += 1;
    db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; ${migration};
      PRAGMA user_version = ${version}; COMMIT`);
  }
}
