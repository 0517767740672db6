import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFailed, onTestFinished } from 'vitest';
import type { Control } from '../../src/daemon/control.ts';
import { connectControl } from '../../src/http/control-client.ts';
import { controlSocketPath } from '../../src/http/control-socket-path.ts';
import type { DaemonEventKind } from '../../src/telemetry/events.ts';
import { type ProcessExit, spawnJobsd, type Variables } from './jobsd-process.ts';
import type { Project } from './project.ts';

/** A line of the daemon's JSON log. */
export interface LoggedEvent {
  readonly event: DaemonEventKind;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface DaemonProcess {
  readonly pid: number;
  /** All it has told so far. */
  readonly log: readonly LoggedEvent[];
  readonly control: Control;
  readonly exited: Promise<ProcessExit>;
  /**
   * The next event of this kind, and like this, after the one given last; those in between are
   * passed over. Rejects when the process ends without it.
   */
  until(kind: DaemonEventKind, like?: (event: LoggedEvent) => boolean): Promise<LoggedEvent>;
  /** The next event, whatever it is. */
  untilAny(): Promise<LoggedEvent>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, to the end. */
  stop(): Promise<ProcessExit>;
  /** SIGKILL, to the end. */
  kill(): Promise<ProcessExit>;
}

export interface DaemonOptions {
  readonly variables?: Variables;
  readonly argv?: readonly string[];
}

/** Starts the daemon on a project; resolves when it runs and watches its files. */
export async function startDaemon(
  project: Project,
  options: DaemonOptions = {},
): Promise<DaemonProcess> {
  const daemon = launchDaemon(project, options);
  await daemon.until('daemon-started');
  // It looks at its files once more as soon as it watches them.
  await daemon.until('reload-unchanged');
  return daemon;
}

/** Starts the daemon's process, and waits for nothing. It is killed when the test has ended. */
export function launchDaemon(
  project: Project,
  { variables = {}, argv = [] }: DaemonOptions = {},
): DaemonProcess {
  const child = spawnJobsd(['start', '--log-format', 'json', '--log-level', 'debug', ...argv], {
    cwd: project.root,
    variables,
  });
  return followDaemon(child, project);
}

/**
 * Reads the JSON log that a process writes, which is a daemon or has one below it. Signals go to
 * `signalled`: to this process, or to its whole group.
 */
export function followDaemon(
  child: ChildProcess,
  project: Project,
  signalled: 'process' | 'group' = 'process',
): DaemonProcess {
  const pid = child.pid ?? 0;
  const log: LoggedEvent[] = [];
  const bell = new EventTarget();
  let cursor = 0;
  let exit: ProcessExit | undefined;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  if (!child.stdout) throw new Error('the daemon has no standard output');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    // What a program around it says is not of interest here.
    if (!line.startsWith('{')) return;
    log.push(JSON.parse(line) as LoggedEvent);
    bell.dispatchEvent(new Event('ring'));
  });
  const exited = Promise.all([once(child, 'close'), once(lines, 'close')]).then(
    ([[code, signal]]) => {
      exit = { code, signal, stdout: log.map((event) => JSON.stringify(event)).join('\n'), stderr };
      bell.dispatchEvent(new Event('ring'));
      return exit;
    },
  );
  const isUp = () => child.exitCode === null && child.signalCode === null;
  const send = (signal: NodeJS.Signals) => {
    if (isUp()) process.kill(signalled === 'group' ? -pid : pid, signal);
  };
  onTestFailed(() => {
    process.stderr.write(`${[...log.slice(-25).map(({ msg }) => msg), stderr].join('\n')}\n`);
  });
  onTestFinished(async () => {
    send('SIGKILL');
    await exited;
  });
  const until = async (what: string, like: (event: LoggedEvent) => boolean) => {
    for (;;) {
      const found = log.findIndex((event, index) => index >= cursor && like(event));
      if (found >= 0) {
        cursor = found + 1;
        return log[found] as LoggedEvent;
      }
      if (exit) throw new Error(`the daemon ended before ${what}:\n${exit.stdout}\n${stderr}`);
      await once(bell, 'ring');
    }
  };
  return {
    pid,
    log,
    control: connectControl(controlSocketPath(project.path('.jobsd/state.db'))),
    exited,
    until: (kind, like = () => true) => until(kind, (event) => event.event === kind && like(event)),
    untilAny: () => until('any event', () => true),
    signal: send,
    stop() {
      send('SIGTERM');
      return exited;
    },
    kill() {
      send('SIGKILL');
      return exited;
    },
  };
}
