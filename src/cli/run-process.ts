import { userInfo } from 'node:os';
import { systemClock } from '../clock/system-clock.ts';
import type { CommandIo } from './command-io.ts';
import { fileOutput, isTerminal } from './file-output.ts';
import { main } from './main.ts';

/** Carries out this process's command line; its exit code becomes that of the process. */
export async function runProcess(): Promise<void> {
  const exitCode = await main(process.argv.slice(2), io);
  process.exitCode = hasLost && exitCode === 0 ? 3 : exitCode;
}

/** Whether a part of the result could not be written: then nobody must take it for the whole. */
let hasLost = false;

function noteLoss(reason: string): void {
  if (!hasLost) io.stderr.write(`error: standard output cannot be written: ${reason}.\n`);
  hasLost = true;
}

const toTerminal = { stdout: isTerminal(1), stderr: isTerminal(2) };

const io: CommandIo = {
  // Touched only by who reads it: opening standard input keeps a process alive.
  get stdin() {
    return process.stdin;
  },
  // Whoever reads our result may stop early (`jobsd runs | head`): that is no failure, and there
  // is nothing left to do. What is said beside it may get lost without harm.
  stdout: fileOutput(1, { onClosed: endWithReader, onLost: noteLoss }),
  stderr: fileOutput(2, { onClosed() {}, onLost() {} }),
  env: process.env,
  cwd: workingDirectory(),
  get user() {
    return process.env.USER ?? process.env.LOGNAME ?? accountName();
  },
  isTerminal: toTerminal,
  columns: toTerminal.stdout ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
  clock: systemClock,
  onSignal(signal, listener) {
    process.on(signal, listener);
    return () => process.off(signal, listener);
  },
};

/** A daemon whose log nobody reads any more stops as if it had been told to; a command just ends. */
function endWithReader(): void {
  if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM');
  else process.exit();
}

/** Where no shell has set it: in containers, under init systems. The account may have no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The directory a shell stands in may have been removed; that is said by who needs to read it. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return process.env.PWD ?? '/';
  }
}
