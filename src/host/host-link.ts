import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { checkedHostMessage } from './checked-host-message.ts';
import type { HostEntry } from './host-entry.ts';
import { lineSplitter } from './line-splitter.ts';
import { endMarkedProcesses } from './marked-processes.ts';
import {
  type ControlMessage,
  type ControlRequest,
  controlFd,
  dataFd,
  type HostMessage,
  maxLineLength,
  type PoolMessage,
} from './protocol.ts';

export interface HostExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what the process itself (not its services) wrote to stderr. */
  readonly stderr: string;
  /** Resolves when what services started has ended too, where it has left the process group. */
  readonly swept: Promise<void>;
}

export interface HostLinkEvents {
  message(message: HostMessage): void;
  control(message: ControlMessage): void;
  /** Everything the host sent has been delivered before this. Once. */
  exited(exit: HostExit): void;
}

export interface HostLinkOptions {
  readonly entry: HostEntry;
  readonly root: string;
  readonly memoryMb: number;
  readonly cacheDirectory: string | undefined;
}

const stderrTailLength = 4096;
// After the process is gone its channel closes at once, unless a descendant still holds it.
const channelLingerMs = 1000;

/** One host process and the two channels to it. */
export class HostLink {
  /** 0 when it could not be started. */
  readonly pid: number;
  readonly #mark = randomUUID();
  readonly #child: ChildProcess;
  readonly #data: Duplex;
  readonly #control: Duplex;
  readonly #events: HostLinkEvents;
  #pending = '';
  #stderr = '';
  #hasExited = false;
  #swept = Promise.resolve();

  constructor(options: HostLinkOptions, events: HostLinkEvents) {
    this.#events = events;
    this.#child = spawnHost(options, this.#mark);
    this.pid = this.#child.pid ?? 0;
    this.#data = this.#child.stdio[dataFd] as Duplex;
    this.#control = this.#child.stdio[controlFd as 4] as Duplex;
    this.#listen(this.#data, (line) =>
      events.message(checkedHostMessage(JSON.parse(line) as HostMessage)),
    );
    this.#listen(this.#control, (line) => events.control(JSON.parse(line) as ControlMessage));
    this.#keepStderr(this.#child.stderr);
    this.#child.on('error', (error) => this.#gone(null, null, error.message));
    this.#child.on('exit', (code, signal) => this.#afterExit(code, signal));
  }

  /** Queues a message; all of a turn leave in one write. */
  send(message: PoolMessage): void {
    if (this.#pending === '') queueMicrotask(() => this.#flush());
    this.#pending += `${JSON.stringify(message)}\n`;
  }

  ask(request: ControlRequest): void {
    if (!this.#control.destroyed) this.#control.write(`${request}\n`);
  }

  /** Ends the host and everything it has forked, at once. */
  kill(): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nobody of its process group is left.
    }
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (!this.#data.destroyed) this.#data.write(text);
  }

  #listen(stream: Duplex, onLine: (line: string) => void): void {
    stream.setEncoding('utf8');
    const split = lineSplitter(onLine, { maxLength: maxLineLength, onTooLong: () => this.kill() });
    stream.on('data', (chunk: string) => {
      try {
        split(chunk);
      } catch {
        // Not our protocol: a service got hold of the channel. What it says cannot be trusted.
        this.kill();
      }
    });
    // A host that is gone is noticed by its exit; a broken pipe says nothing more.
    stream.on('error', () => {});
  }

  #keepStderr(stderr: Readable | null): void {
    stderr?.setEncoding('utf8');
    stderr?.on('data', (chunk: string) => {
      const text = this.#stderr + chunk;
      const isCut = text.length > stderrTailLength;
      this.#stderr = isCut ? `…${text.slice(1 - stderrTailLength)}` : text;
    });
  }

  #afterExit(code: number | null, signal: NodeJS.Signals | null): void {
    // Forks left behind in its process group, and those that have left it.
    this.kill();
    this.#swept = endMarkedProcesses(this.#mark);
    const gone = (): void => this.#gone(code, signal, this.#stderr);
    if (this.#data.closed) return gone();
    this.#data.once('close', gone);
    setTimeout(gone, channelLingerMs).unref();
  }

  #gone(code: number | null, signal: NodeJS.Signals | null, stderr: string): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.#data.destroy();
    this.#control.destroy();
    this.#child.stderr?.destroy();
    this.#events.exited({ code, signal, stderr: stderr.trim(), swept: this.#swept });
  }
}

function spawnHost(options: HostLinkOptions, mark: string): ChildProcess {
  const { entry, memoryMb } = options;
  const nodeOptions = [...entry.nodeOptions, `--max-old-space-size=${memoryMb}`, '--no-warnings'];
  const cache = options.cacheDirectory === undefined ? [] : [options.cacheDirectory];
  return spawn(process.execPath, [...nodeOptions, fileURLToPath(entry.url), mark, ...cache], {
    cwd: options.root,
    // A process group of its own, so that one kill reaches all that services have forked.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
}
