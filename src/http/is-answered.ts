import { connect } from 'node:net';

/**
 * Whether somebody listens on a Unix socket. False for no socket and for one whose owner died;
 * rejects with the system's error when it cannot be told (no permission ...).
 */
export function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const nobody = ['ECONNREFUSED', 'ENOENT', 'ENOTDIR', 'ENOTSOCK'];
      if (error.code !== undefined && nobody.includes(error.code)) resolve(false);
      else reject(error);
    });
  });
}
