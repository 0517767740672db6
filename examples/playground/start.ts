import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openDataSource } from './data-source.ts';
import { openInbox } from './inbox.ts';

/**
 * `npm start`: the daemon on this repository's own jobs.d/. Where no real data source or mail server
 * is named in the environment, local ones are started beside it, on loopback only.
 */
const opened: { close(): Promise<void> }[] = [];
if (process.env.DATA_SOURCE_URL === undefined) opened.push(await openDataSource(5628));
if (process.env.SMTP_URL === undefined) opened.push(await openInbox(5625, printMail));

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const daemon = spawn(
  process.execPath,
  [command, 'start', '--root', root, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    // In a process group of its own Ctrl-C does not reach it by itself: so each signal, from a terminal
    // or from `kill`, is handed on exactly once. The second one would tell it not to wait for its runs.
    detached: true,
  },
);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => daemon.kill(signal));
}
daemon.on('exit', async (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
  await Promise.all(opened.map((server) => server.close()));
});

function printMail(lines: readonly string[]): void {
  process.stdout.write(`${lines.map((line) => `  [inbox] ${line}`).join('\n')}\n`);
}
