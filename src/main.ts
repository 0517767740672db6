#!/usr/bin/env node
import type { CommandIo } from './cli/command-io.ts';
import { main } from './cli/main.ts';
import { systemClock } from './clock/system-clock.ts';

// Whoever reads our output may stop early (`jobsd runs | head`): that is no failure of ours, and
// nobody is left to be told about it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (stream === process.stdout) process.exit();
  });
}

const io: CommandIo = {
  // Touched only by who reads it: opening standard input keeps a process alive.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: workingDirectory(),
  isTerminal: { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true },
  columns: process.stdout.isTTY === true ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
  clock: systemClock,
  onSignal(signal, listener) {
    process.on(signal, listener);
    return () => process.off(signal, listener);
  },
};

process.exitCode = await main(process.argv.slice(2), io);

/** The directory a shell stands in may have been removed; that is said by who needs to read it. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return process.env.PWD ?? '/';
  }
}
