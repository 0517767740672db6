import type { DatabaseSync } from 'node:sqlite';
import { lastUnfinishedCode } from './columns.ts';

/** What goes in one transaction. */
export interface Removal {
  readonly seqs: readonly number[];
  readonly definitions: readonly number[];
  /** Values by key that expired at or before this instant go too, a thousand at a time. */
  readonly expiredAt: number;
}

/** Removes finished records with their logs, and whatever else a prune found. Gives how many records. */
export function remove(db: DatabaseSync, removal: Removal): number {
  db.exec('BEGIN IMMEDIATE');
  try {
    const removed = removeAll(db, removal);
    db.exec('COMMIT');
    return removed;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function removeAll(db: DatabaseSync, { seqs, definitions, expiredAt }: Removal): number {
  // A record found some time ago may have been taken up again since: only finished ones go.
  const gone = db
    .prepare(
      `DELETE FROM runs WHERE seq IN (SELECT value FROM json_each(?)) AND state > ${lastUnfinishedCode}
       RETURNING seq`,
    )
    .all(JSON.stringify(seqs))
    .map(({ seq }) => seq);
  db.prepare('DELETE FROM logs WHERE run IN (SELECT value FROM json_each(?))').run(
    JSON.stringify(gone),
  );
  db.prepare('DELETE FROM definitions WHERE key IN (SELECT value FROM json_each(?))').run(
    JSON.stringify(definitions),
  );
  db.prepare(
    `DELETE FROM key_values WHERE key IN
     (SELECT key FROM key_values WHERE expires_at <= ? LIMIT 1000)`,
  ).run(expiredAt);
  return gone.length;
}
