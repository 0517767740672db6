import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import type { CommandIo, ExitCode } from '../../src/cli/command-io.ts';
import { main } from '../../src/cli/main.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Control } from '../../src/daemon/control.ts';
import { openControlServer } from '../../src/http/control-server.ts';
import { controlSocketPath } from '../../src/http/control-socket-path.ts';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A project directory with these files, removed after the test. */
export function aProject(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'jobsd-cli-'));
  cleanUps.push(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export const someJobs = `version: 1
services:
  api.scheduler.sync: { module: services/sync.ts }
jobs:
  sync-data: { type: interval, every: 1h, start: "2029-12-31T00:00:00Z", service: api.scheduler.sync, extra: { key: newest } }
  nightly-report: { type: cron, cron: "30 2 * * MON-FRI", timezone: Europe/Athens, service: api.scheduler.sync }
  cutover: { type: one-time, at: "2030-07-29T11:35:49Z", service: api.scheduler.sync }
  cleanup: { type: manual, service: api.scheduler.sync }
  old-mail: { type: cron, cron: "@daily", enabled: false, service: api.scheduler.sync }
`;

export function aSyncProject(): string {
  return aProject({
    'jobs.d/sync.yaml': someJobs,
    'services/sync.ts': 'export default class Sync {}\n',
  });
}

/** A daemon's door for a project, without the daemon behind it. */
export async function openDoorFor(
  root: string,
  control: Control,
  statePath = '.jobsd/state.db',
): Promise<void> {
  const socketPath = controlSocketPath(join(root, statePath));
  const server = await openControlServer({ socketPath, control });
  cleanUps.push(() => server.close());
}

export interface Ran {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Session {
  readonly done: Promise<Ran>;
  /** Ctrl-C, as soon as somebody listens for it. */
  interrupt(): void;
  readonly output: { stdout: string; stderr: string };
}

type IoOptions = Partial<Omit<CommandIo, 'stdin'>> & { readonly input?: string };

/** Carries out a command line in a project, 80 columns wide, at 2030-01-01T00:00:30Z. */
export function start(root: string, argv: readonly string[], options: IoOptions = {}): Session {
  const { input = '', ...rest } = options;
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const collector = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      output[name] += text;
    },
  });
  const io: CommandIo = {
    stdin: Readable.from([input]),
    stdout: collector('stdout'),
    stderr: collector('stderr'),
    env: {},
    user: 'anna',
    cwd: root,
    isTerminal: { stdout: false, stderr: false },
    columns: 80,
    clock: { ...systemClock, now: () => Date.parse('2030-01-01T00:00:30Z') },
    onSignal(_signal, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ...rest,
  };
  return {
    done: main(argv, io).then((exitCode) => ({ exitCode, ...output })),
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    output,
  };
}

export function run(root: string, argv: readonly string[], options: IoOptions = {}): Promise<Ran> {
  return start(root, argv, options).done;
}

export async function runJson(root: string, argv: readonly string[], options: IoOptions = {}) {
  const ran = await run(root, [...argv, '--format', 'json'], options);
  return { ...ran, json: ran.stdout === '' ? undefined : JSON.parse(ran.stdout) };
}

/** Resolves once the condition holds; the test's own time limit is the only one. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
