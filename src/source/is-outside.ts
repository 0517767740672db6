import { isAbsolute, relative } from 'node:path';

/** Whether an absolute path lies outside a directory. Links are not followed. */
export function isOutside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === '..' || way.startsWith('../') || isAbsolute(way);
}
