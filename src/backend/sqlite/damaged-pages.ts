import type { DatabaseSync } from 'node:sqlite';

// The whole check compares indexes with their tables and takes 12 ms a megabyte on two slow cores;
// the quick one looks at the structure of pages only and takes 4 ms. A start must stay below 2 s.
const wholeCheckBytes = 16 * 2 ** 20;
const quickCheckBytes = 160 * 2 ** 20;

/**
 * What SQLite finds wrong in the file, or undefined. The larger the file the less is looked at; what
 * may be executed has checksums of its own in any case.
 */
export function damagedPages(db: DatabaseSync): string | undefined {
  const bytes = numberOf(db, 'page_count') * numberOf(db, 'page_size');
  if (bytes > quickCheckBytes) return undefined;
  const check = bytes > wholeCheckBytes ? 'quick_check' : 'integrity_check';
  const found = db.prepare(`PRAGMA ${check}(1)`).get()?.[check];
  return found === 'ok' ? undefined : String(found).replaceAll('\n', ' ');
}

function numberOf(db: DatabaseSync, pragma: string): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
