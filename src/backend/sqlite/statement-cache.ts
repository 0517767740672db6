import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type ColumnKind, columnIndex, type RunColumn, runColumns } from './columns.ts';
import { checksumSql } from './run-checksums.ts';

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
  /**
   * Values: the columns in order, slot, owner; `ifAttempt`: then the attempt that the record must
   * have. `isChecked`: the checksum follows.
   */
  update(ifAttempt: boolean, isChecked: boolean): StatementSync;
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
  return {
    kinds: columns.map(({ kind }) => kind),
    stateAt: columns.indexOf(state),
    insert: once(() => insert([row])),
    insertMany: once(() => insert(Array.from({ length: rowsAtOnce }, () => row))),
    update: updates(names, prepare),
  };
}

function updates(
  names: readonly string[],
  prepare: (sql: string) => StatementSync,
): ColumnSet['update'] {
  const values = new Map(names.map((name, index) => [name, `?${index + 1}`]));
  const assignments = [...values].map(([name, value]) => `${name} = ${value}`);
  const checked = [...assignments, `checksum = ${checksumSql(values)}`];
  const [slot, owner, attempt] = [1, 2, 3].map((offset) => `?${names.length + offset}`);
  const where = `slot = ${slot} AND owner = ${owner}`;
  const update = (set: readonly string[], condition: string) =>
    once(() => prepare(`UPDATE runs SET ${set.join(', ')} WHERE ${condition}`));
  const whereAttempt = `${where} AND attempt = ${attempt}`;
  const any = { plain: update(assignments, where), checked: update(checked, where) };
  const one = { plain: update(assignments, whereAttempt), checked: update(checked, whereAttempt) };
  return (ifAttempt, isChecked) => {
    const { plain, checked } = ifAttempt ? one : any;
    return isChecked ? checked() : plain();
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
