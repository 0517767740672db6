import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { runColumns } from './columns.ts';

/** Prepared statements, each made once. */
export class StatementCache {
  private readonly db: DatabaseSync;
  private readonly bySql = new Map<string, StatementSync>();
  private readonly inserts = new Map<number, StatementSync>();
  private readonly updates = new Map<number, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  get(sql: string): StatementSync {
    return remember(this.bySql, sql, () => this.db.prepare(sql));
  }

  /** Values: the mask's columns in order, then seq, owner, slot, checksum. */
  insertRun(mask: number): StatementSync {
    return remember(this.inserts, mask, () => {
      const names = [...columnNames(mask), 'seq', 'owner', 'slot', 'checksum'];
      const marks = names.map(() => '?').join(', ');
      return this.db.prepare(
        `INSERT INTO runs (${names.join(', ')}) VALUES (${marks}) ON CONFLICT (slot, owner) DO NOTHING`,
      );
    });
  }

  /** Values: the mask's columns in order, then slot, owner and, if conditional, the attempt. */
  updateRun(mask: number, isConditional: boolean): StatementSync {
    return remember(this.updates, isConditional ? ~mask : mask, () => {
      const assignments = columnNames(mask).map((name) => `${name} = ?`);
      const condition = isConditional ? ' AND attempt = ?' : '';
      return this.db.prepare(
        `UPDATE runs SET ${assignments.join(', ')} WHERE slot = ? AND owner = ?${condition}`,
      );
    });
  }
}

function columnNames(mask: number): string[] {
  return runColumns.filter((_, index) => (mask & (1 << index)) !== 0).map(({ name }) => name);
}

function remember<Key>(
  cache: Map<Key, StatementSync>,
  key: Key,
  prepare: () => StatementSync,
): StatementSync {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = prepare();
  cache.set(key, made);
  return made;
}
