import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectories } from '../backend/make-directories.ts';
import { JobsdError } from '../errors.ts';
import { isSharedFallback } from './control-socket-path.ts';

/** Makes the socket's directory when it is missing, for its owner only. */
export function makeSocketDirectory(socketPath: string): void {
  makeDirectories(dirname(socketPath), 0o700);
  refuseForeignDirectory(socketPath);
}

/**
 * In /tmp anybody may have made the directory first, to listen in our place. Fails with
 * JOBSD_DAEMON_UNREACHABLE unless it is a real directory of this user that nobody else can enter.
 */
export function refuseForeignDirectory(socketPath: string): void {
  if (!isSharedFallback(socketPath)) return;
  const directory = dirname(socketPath);
  const status = lstatSync(directory, { throwIfNoEntry: false });
  if (status === undefined) return;
  const isOurs = status.uid === process.getuid?.();
  const isPrivate = (status.mode & 0o077) === 0;
  if (status.isDirectory() && isOurs && isPrivate) return;
  throw new JobsdError(
    'JOBSD_DAEMON_UNREACHABLE',
    `${directory} has to be a directory that only this user can enter. Remove it or correct its owner and mode (0700).`,
  );
}
