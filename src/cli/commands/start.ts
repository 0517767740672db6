import type { Command } from 'commander';
import type { Milliseconds } from '../../clock/clock.ts';
import type { Daemon, StartResult } from '../../daemon/daemon.ts';
import type { JobsdError } from '../../errors.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { wantsColor } from '../command-context.ts';
import type { CommandIo, ExitCode } from '../command-io.ts';
import { noteFindings } from '../print-findings.ts';
import { examples } from '../view/examples.ts';

export interface StartOptions {
  readonly logFormat?: 'json' | 'text';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export function define(command: Command, act: Act): void {
  command
    .argument('[paths...]', 'files and directories instead of jobs.yaml and jobs.d/')
    .option('--log-format <format>', 'json or text (default: text on a terminal)')
    .option('--log-level <level>', 'debug, info, warn or error', 'info')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd start', 'on jobs.yaml and jobs.d/ of this directory'],
        ['jobsd start --root /srv/jobs', 'of another one'],
        ['jobsd start | tee jobsd.log', 'writes its log as JSON'],
      )}

SIGTERM or Ctrl-C stops it once running jobs have ended (daemon.drainTimeout);
a second one stops it at once. SIGHUP makes it read the files again.`,
    )
    .action((paths: string[], options: StartOptions) =>
      act((context) => start(context, paths, options)),
    );
}

/** Runs the daemon until a signal stops it. */
export async function start(
  context: CommandContext,
  paths: readonly string[],
  options: StartOptions,
): Promise<ExitCode> {
  const { startDaemon } = await import('../../daemon/daemon.ts');
  const { createRedactor } = await import('../../telemetry/redactor.ts');
  const { logEvents } = await import('../../telemetry/log-events.ts');
  const { io, root } = context;
  await armFromEnvironment(io);
  const redactor = createRedactor();
  const telemetry = await logEvents({
    stream: io.stdout as NodeJS.WritableStream,
    format: options.logFormat ?? (io.isTerminal.stdout ? 'text' : 'json'),
    hasColor: wantsColor(io, { color: context.hasColor }, 'stdout'),
    level: options.logLevel,
    clock: io.clock,
    redact: redactor.redact,
  });
  const started = await untilStopped(
    io,
    startDaemon({
      location: { root, env: io.env, ...(paths.length === 0 ? {} : { paths }) },
      clock: io.clock,
      random: Math.random,
      telemetry,
      redactor,
    }),
  );
  if (started.ok) return 0;
  await noteFindings(context, started.findings);
  context.note('The daemon was not started: the files have errors.');
  return 1;
}

/** The fault runs end the daemon at a named step. */
async function armFromEnvironment({ env }: CommandIo): Promise<void> {
  if (env.JOBSD_FAIL_POINT === undefined) return;
  const { armFailPoint } = await import('../../daemon/fail-point.ts');
  armFailPoint(env.JOBSD_FAIL_POINT);
}

// npm, and other programs that start us, pass on a signal that the whole process group has had
// already: that is not somebody who asks for a second time.
const echoMs: Milliseconds = 500;

/**
 * Resolves when a signal has stopped the daemon, or when it could not start. A second signal ends
 * the process at once. Signals are heeded from the beginning: SIGHUP must not end a daemon that
 * is still reading its files, and one that is asked to stop meanwhile stops as soon as it has started.
 */
async function untilStopped(io: CommandIo, starting: Promise<StartResult>): Promise<StartResult> {
  const asked = Promise.withResolvers<NodeJS.Signals>();
  let daemon: Daemon | undefined;
  let first: { signal: NodeJS.Signals; atMs: number } | undefined;
  const stop = (signal: NodeJS.Signals) => {
    const atMs = io.clock.monotonic();
    if (first?.signal === signal && atMs - first.atMs < echoMs) return;
    if (first) return daemon ? daemon.abandon(signal) : process.exit(3);
    first = { signal, atMs };
    asked.resolve(signal);
  };
  const ends = [
    io.onSignal('SIGTERM', () => stop('SIGTERM')),
    io.onSignal('SIGINT', () => stop('SIGINT')),
    io.onSignal('SIGHUP', () => void daemon?.reload('signal')),
  ];
  try {
    const started = await starting;
    if (!started.ok) return started;
    daemon = started.daemon;
    const cause = await Promise.race([asked.promise, daemon.broken]);
    if (typeof cause === 'string') await daemon.stop(cause);
    else await endBroken(daemon, cause);
    return started;
  } finally {
    for (const end of ends) end();
  }
}

async function endBroken(daemon: Daemon, trouble: JobsdError): Promise<never> {
  await daemon.stop(trouble.code);
  throw trouble;
}
