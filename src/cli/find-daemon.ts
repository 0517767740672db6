import { resolve } from 'node:path';
import type { Control } from '../daemon/control.ts';
import { JobsdError } from '../errors.ts';
import { controlSocketPath } from '../http/control-socket-path.ts';
import { isAnswered } from '../http/is-answered.ts';
import type { CommandContext } from './command-context.ts';
import { loadFiles } from './load-snapshot.ts';
import { shellWord } from './view/shell-word.ts';

const usualStatePath = '.jobsd/state.db';

/** The running daemon of this project, or nothing when there is none. */
export async function findDaemon(
  context: CommandContext,
  signal?: AbortSignal,
): Promise<Control | undefined> {
  const socketPath = await answeredSocket(context);
  if (socketPath === undefined) return undefined;
  // Only here: the HTTP client is the slowest thing a command can load.
  const { connectControl } = await import('../http/control-client.ts');
  return connectControl(socketPath, signal);
}

/** The running daemon; rejects with JOBSD_DAEMON_UNREACHABLE and how to start one. */
export async function requireDaemon(
  context: CommandContext,
  signal?: AbortSignal,
): Promise<Control> {
  const daemon = await findDaemon(context, signal);
  if (daemon !== undefined) return daemon;
  const root = context.root === context.io.cwd ? '' : ` --root ${shellWord(context.root)}`;
  throw new JobsdError(
    'JOBSD_DAEMON_UNREACHABLE',
    `No daemon runs for ${context.root}. Start one with: jobsd start${root}`,
  );
}

/**
 * The state file of this project, absolute: as the files declare it, or where it usually is when
 * they have errors. (A daemon may well be running on their last good version.)
 */
export async function findStatePath(context: CommandContext): Promise<string> {
  const loaded = await loadFiles(context);
  const declared = loaded.ok ? loaded.snapshot.daemon.statePath : usualStatePath;
  return resolve(context.root, declared);
}

/** The usual place first: when a daemon answers there, no file has to be read to find it. */
async function answeredSocket(context: CommandContext): Promise<string | undefined> {
  const usual = controlSocketPath(resolve(context.root, usualStatePath));
  if (await mayAsk(usual)) return usual;
  const declared = controlSocketPath(await findStatePath(context));
  return declared !== usual && (await mayAsk(declared)) ? declared : undefined;
}

/** Only the user of the daemon may ask it. Whether one runs cannot be told by anybody else. */
async function mayAsk(socketPath: string): Promise<boolean> {
  try {
    return await isAnswered(socketPath);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new JobsdError(
      'JOBSD_DAEMON_UNREACHABLE',
      `${socketPath}: permission denied. Run this as the user that the daemon runs as.`,
      { cause: error },
    );
  }
}
