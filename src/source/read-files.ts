import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { SourceFile, UnreadableFile } from '../config/source-file.ts';
import type { Steps } from '../config/steps.ts';
import type { FoundFile } from './find-files.ts';

/** Larger files are refused: nobody writes them, and each costs its size in memory many times. */
export const largestFileBytes = 12 * 1024 * 1024;

export interface ReadResult {
  readonly files: readonly SourceFile[];
  readonly unreadable: readonly UnreadableFile[];
}

/** Reads what was found. A file that cannot be read is told, and hides no other. */
export function* readFiles(found: readonly FoundFile[]): Steps<ReadResult> {
  const files: SourceFile[] = [];
  const unreadable: UnreadableFile[] = [];
  for (const { path, absolutePath } of found) {
    yield;
    const read = readOne(absolutePath);
    if (typeof read === 'string') unreadable.push({ path, reason: read });
    else files.push({ path, bytes: read });
  }
  return { files, unreadable };
}

/** The bytes of a file, or why there are none. */
export function readOne(path: string): Uint8Array | string {
  let file: number;
  try {
    // Not to wait for somebody to write into it, should it be a named pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return reasonOf(error);
  }
  try {
    return readOpened(file);
  } catch (error) {
    return reasonOf(error);
  } finally {
    closeSync(file);
  }
}

function readOpened(file: number): Uint8Array | string {
  const stats = fstatSync(file);
  if (stats.isDirectory()) return 'it is a directory';
  if (!stats.isFile()) return 'it is not a regular file';
  if (stats.size > largestFileBytes) return tooLarge;
  // One byte more than allowed: the file may grow while it is read.
  const buffer = Buffer.allocUnsafe(Math.min(stats.size + 1024, largestFileBytes + 1));
  let length = 0;
  for (;;) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    length += count;
    if (count === 0 || length === buffer.length) break;
  }
  return length > largestFileBytes ? tooLarge : buffer.subarray(0, length);
}

const tooLarge = `it is larger than ${largestFileBytes / 1024 / 1024} MB`;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist, or is a link that leads nowhere',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'it is a link that leads in a circle',
  ENXIO: 'it is not a regular file',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
