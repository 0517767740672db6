import { lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { JobsdError } from '../errors.ts';
import { isAnswered } from './is-answered.ts';
import { makeSocketDirectory } from './private-directory.ts';

/**
 * Listens on a Unix socket that only its owner can use. The socket of a dead daemon is replaced.
 * Rejects with JOBSD_BACKEND_LOCKED when somebody answers there, and with JOBSD_BACKEND_UNWRITABLE
 * when something else than a socket is in the way or the directory cannot be written.
 */
export async function listenOnSocket(server: Server, socketPath: string): Promise<void> {
  try {
    makeSocketDirectory(socketPath);
    await removeDeadSocket(socketPath);
    await bindPrivately(server, socketPath);
  } catch (error) {
    if (error instanceof JobsdError) throw error;
    throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', `Cannot listen on ${socketPath}.`, {
      cause: error,
    });
  }
}

async function removeDeadSocket(socketPath: string): Promise<void> {
  const status = lstatSync(socketPath, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isSocket()) {
    throw new JobsdError(
      'JOBSD_BACKEND_UNWRITABLE',
      `${socketPath} is in the way and is not a socket. Move it elsewhere.`,
    );
  }
  if (await isAnswered(socketPath)) {
    throw new JobsdError('JOBSD_BACKEND_LOCKED', `It answers on ${socketPath}.`);
  }
  rmSync(socketPath, { force: true });
}

function bindPrivately(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Node binds within `listen`, so the mask covers exactly the making of the socket: at no
    // moment is its mode wider, and no other file of the process is made under this mask.
    const mask = process.umask(0o177);
    try {
      server.listen(socketPath, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
}
