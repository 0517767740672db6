import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type ColumnKind, columnIndex, type RunColumn, runColumns } from './columns.ts';

/** Rows that one statement writes when as many alike follow one another. */
export const rowsAtOnce = 8;

/** What is to be done with one set of columns, worked out once for each set. */
export interface ColumnSet {
  readonly kinds: readonly ColumnKind[];
  /** Where the state stands among the values; -1 when it is not among them. */
  readonly stateAt: number;
  /** Values: the columns in order, then seq, owner, slot, checksum. */
  insert(): StatementSync;
  /** As `insert`, for `rowsAtOnce` rows. */
  insertMany(): StatementSync;
  /** Values: the columns in order, then slot and owner. */
  update(): StatementSync;
  /** As `update`, then the attempt that the record must have. */
  updateAttempt(): StatementSync;
}

/** Prepared statements, each made once. */
export class StatementCache {
  private readonly db: DatabaseSync;
  private readonly bySql = new Map<string, StatementSync>();
  private readonly sets = new Map<number, ColumnSet>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  get(sql: string): StatementSync {
    const known = this.bySql.get(sql);
    if (known !== undefined) return known;
    const made = this.db.prepare(sql);
    this.bySql.set(sql, made);
    return made;
  }

  columns(mask: number): ColumnSet {
    const known = this.sets.get(mask);
    if (known !== undefined) return known;
    const made = columnSet(mask, (sql) => this.db.prepare(sql));
    this.sets.set(mask, made);
    return made;
  }
}

function columnSet(mask: number, prepare: (sql: string) => StatementSync): ColumnSet {
  const columns = runColumns.filter((_, index) => (mask & (1 << index)) !== 0);
  const state = runColumns[columnIndex('state')] as RunColumn;
  const names = columns.map(({ name }) => name);
  const inserted = [...names, 'seq', 'owner', 'slot', 'checksum'];
  const row = `(${inserted.map(() => '?').join(', ')})`;
  const insert = (rows: readonly string[]): StatementSync =>
    prepare(
      `INSERT INTO runs (${inserted.join(', ')}) VALUES ${rows.join(', ')}
       ON CONFLICT (slot, owner) DO NOTHING`,
    );
  const assignments = names.map((name) => `${name} = ?`).join(', ');
  const update = `UPDATE runs SET ${assignments} WHERE slot = ? AND owner = ?`;
  return {
    kinds: columns.map(({ kind }) => kind),
    stateAt: columns.indexOf(state),
    insert: once(() => insert([row])),
    insertMany: once(() => insert(Array.from({ length: rowsAtOnce }, () => row))),
    update: once(() => prepare(update)),
    updateAttempt: once(() => prepare(`${update} AND attempt = ?`)),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
