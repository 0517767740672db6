import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Instant } from '../../../src/clock/clock.ts';
import type { FaultProject } from './fault-project.ts';

export interface DaemonExit {
  readonly at: Instant;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface LoggedEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** One life of the daemon. */
export class DaemonProcess {
  readonly spawnedAt: Instant = Date.now();
  readonly exited: Promise<DaemonExit>;
  private readonly child: ChildProcess;
  private readonly seen: { readonly at: Instant; readonly event: LoggedEvent }[] = [];
  private readonly waiters: (() => void)[] = [];
  private tail: string[] = [];
  exit: DaemonExit | undefined;

  constructor(project: FaultProject, failPoint: string | undefined) {
    const { main, root } = project;
    const argv = [main, 'start', '--root', root, '--log-format', 'json', '--log-level', 'info'];
    this.child = spawn(process.execPath, argv, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '/',
        // Compiled code is kept from life to life, in the project: there are many.
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
        ...(failPoint !== undefined && { JOBSD_FAIL_POINT: failPoint }),
      },
    });
    this.listen();
    this.exited = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => {
        this.exit = { at: Date.now(), code, signal };
        resolve(this.exit);
        this.ring();
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The last it said, for whoever has to find out what went wrong. */
  get lastWords(): string {
    return this.tail.join('\n');
  }

  /** When it said this, the first time; `undefined` when it ended or the time was up before. */
  async when(event: string, timeoutMs: number): Promise<Instant | undefined> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.seen.find((one) => one.event.event === event);
      if (found) return found.at;
      const leftMs = deadline - Date.now();
      if (this.exit || leftMs <= 0) return undefined;
      await this.nextRing(leftMs);
    }
  }

  /** Whether it ended by itself within that time. */
  async endsWithin(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!this.exit && Date.now() < deadline) await this.nextRing(deadline - Date.now());
    return this.exit !== undefined;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.exit) this.child.kill(signal);
  }

  /** Its service hosts. */
  hosts(): number[] {
    try {
      const path = `/proc/${this.pid}/task/${this.pid}/children`;
      return readFileSync(path, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  private listen(): void {
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) return;
    createInterface({ input: stdout }).on('line', (line) => {
      this.keep(line);
      // A line that a kill has cut short is no event.
      if (!line.endsWith('}')) return;
      this.seen.push({ at: Date.now(), event: JSON.parse(line) as LoggedEvent });
      this.ring();
    });
    createInterface({ input: stderr }).on('line', (line) => this.keep(line));
  }

  private keep(line: string): void {
    this.tail = [...this.tail.slice(-9), line.slice(-300)];
  }

  private ring(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  private nextRing(timeoutMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    this.waiters.push(() => {
      clearTimeout(timer);
      resolve();
    });
    return promise;
  }
}

/** Whether this process is a service host that still lives. */
export function isLivingHost(pid: number): boolean {
  try {
    const isHost = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host-main');
    return isHost && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
