import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Cell, checksumOf } from './checksum.ts';
import { DamagedState } from './damaged-state.ts';

/** Texts by their numbers and back, read when asked for and remembered. */
export class TextReader {
  private readonly byKey: StatementSync;
  private readonly byText: StatementSync;
  private readonly all: StatementSync;
  private readonly known = new Map<number, string>();

  constructor(db: DatabaseSync) {
    this.byKey = db.prepare('SELECT text, checksum FROM texts WHERE key = ?');
    this.byText = db.prepare('SELECT key FROM texts WHERE text = ?');
    this.all = db.prepare('SELECT key, text, checksum FROM texts ORDER BY key');
  }

  text(key: Cell): string {
    const known = this.known.get(key as number);
    if (known !== undefined) return known;
    const row = this.byKey.get(key);
    if (row === undefined) throw new DamagedState(`Text ${key} is missing.`);
    return this.remember(key as number, row.text, row.checksum);
  }

  /** Undefined for a text that was never used. */
  key(text: string): number | undefined {
    return this.byText.get(text)?.key as number | undefined;
  }

  entries(): [number, string][] {
    return this.all
      .all()
      .map(({ key, text, checksum }) => [
        key as number,
        this.remember(key as number, text, checksum),
      ]);
  }

  private remember(key: number, text: unknown, checksum: unknown): string {
    if (typeof text !== 'string' || checksumOf([key, text]) !== checksum) {
      throw new DamagedState(`Text ${key} does not match its checksum.`);
    }
    this.known.set(key, text);
    return text;
  }
}
