import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CalendarFile, largestCalendarFileBytes } from '../config/calendar/calendar-file.ts';
import { isOutside } from './is-outside.ts';
import { readOne } from './read-files.ts';

/** Reads the files that calendars name, inside the root only, links followed. */
export function calendarFilesOf(root: string): (path: string) => CalendarFile {
  return (path) => {
    const realRoot = realpathSync(root);
    const wanted = resolve(realRoot, path);
    // Before the disk is asked: whether a file outside exists is nobody's business.
    if (isOutside(realRoot, wanted) || path.includes('\0')) return { kind: 'outside-root' };
    const real = realPath(wanted);
    if (real === undefined) return { kind: 'missing' };
    return isOutside(realRoot, real) ? { kind: 'outside-root' } : readInside(real);
  };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function readInside(path: string): CalendarFile {
  const read = readOne(path);
  if (typeof read === 'string') return { kind: 'unreadable', reason: read };
  if (read.length > largestCalendarFileBytes) return { kind: 'too-large' };
  return { kind: 'read', bytes: read };
}
