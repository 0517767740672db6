import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { addToText } from '../add-to-text.ts';

/** Writes of the key-value store, inside whatever transaction is open. */
export class KeyValueWriter {
  private readonly upsert: StatementSync;
  private readonly remove: StatementSync;
  private readonly read: StatementSync;
  private readonly change: StatementSync;

  constructor(db: DatabaseSync) {
    this.upsert = db.prepare('INSERT OR REPLACE INTO key_values VALUES (?, ?, ?)');
    this.remove = db.prepare('DELETE FROM key_values WHERE key = ? RETURNING expires_at');
    this.read = db.prepare('SELECT value, expires_at FROM key_values WHERE key = ?');
    this.change = db.prepare('UPDATE key_values SET value = ? WHERE key = ?');
  }

  set(key: string, value: string, expiresAt: number | null): void {
    this.upsert.run(key, value, expiresAt);
  }

  delete(key: string, now: number): boolean {
    const row = this.remove.get(key);
    return row !== undefined && !isExpired(row.expires_at, now);
  }

  /** The sum, or why there is none. */
  increment(key: string, by: number, now: number): number | string {
    const row = this.read.get(key);
    if (row === undefined || isExpired(row.expires_at, now)) {
      this.upsert.run(key, String(by), null);
      return by;
    }
    const sum = addToText(String(row.value), by);
    if (typeof sum === 'number') this.change.run(String(sum), key);
    return sum;
  }
}

function isExpired(expiresAt: unknown, now: number): boolean {
  return expiresAt !== null && (expiresAt as number) <= now;
}
