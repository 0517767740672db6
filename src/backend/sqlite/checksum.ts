import { crc32 } from 'node:zlib';

/** What a cell of the state file can hold. */
export type Cell = number | string | null;

const multiplier = 0x9e3779b1;

/**
 * A checksum over cells, 0 … 2^32-1. Kept beside whatever may be executed later (unfinished runs,
 * cursors, definitions, texts), because SQLite itself notices a flipped byte only when it breaks the
 * structure of a page, not when it turns one job's name or cursor into another.
 */
export function checksumOf(cells: readonly Cell[]): number {
  let sum = 0x811c9dc5;
  for (const cell of cells) {
    if (typeof cell === 'number') {
      sum = mix(mix(sum, cell | 0), Math.floor(cell / 0x1_0000_0000) | 0);
    } else {
      sum = mix(sum, cell === null ? 0x5bd1e995 : crc32(cell));
    }
  }
  return sum >>> 0;
}

// Owner, slot, and the columns of the first version.
const firstVersionCells = 22;

/**
 * The checksum of a run's owner, slot and columns. Columns that later versions added count only
 * where they hold something, so that rows of older files keep the checksum they were written with.
 */
export function runChecksumOf(cells: readonly Cell[]): number {
  let { length } = cells;
  while (length > firstVersionCells && cells[length - 1] === null) length -= 1;
  return checksumOf(length === cells.length ? cells : cells.slice(0, length));
}

function mix(sum: number, word: number): number {
  const product = Math.imul(sum ^ word, multiplier);
  return product ^ (product >>> 15);
}
