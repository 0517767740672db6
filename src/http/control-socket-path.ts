import { dirname, join, resolve } from 'node:path';
import { stableHash } from '../schedule/stable-hash.ts';

// The kernel keeps a socket's path in 108 bytes (104 on BSD and macOS), the final zero included.
const longestSocketPath = 100;

/**
 * Where a daemon with this state file listens, for both sides: `control.sock` beside the file, or,
 * when that path is longer than a socket's may be, a hashed name in a directory of the user's own.
 */
export function controlSocketPath(statePath: string): string {
  const directory = dirname(resolve(statePath));
  const beside = join(directory, 'control.sock');
  if (Buffer.byteLength(beside) <= longestSocketPath) return beside;
  // Not os.tmpdir(): TMPDIR may differ between the daemon and the shell that looks for it.
  const hash = [0, 1, 2].map((seed) => stableHash(directory, seed).toString(36)).join('');
  return join('/tmp', `jobsd-${process.getuid?.() ?? 0}`, `${hash}.sock`);
}

/** Whether the path lies in a directory that others could have made, and so has to be checked. */
export function isSharedFallback(socketPath: string): boolean {
  return dirname(dirname(socketPath)) === '/tmp';
}
