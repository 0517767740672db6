import { JobsdError } from '../../errors.ts';
import type { HostCall, WireError } from '../protocol.ts';
import type { DataChannel } from './data-channel.ts';
import type { HostRun } from './host-run.ts';
import { NativePromise } from './intrinsics.ts';

/** Asks the daemon on behalf of one run. */
export type AskPool = (request: HostCall) => Promise<unknown>;

interface OpenCall {
  readonly run: HostRun;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

// More than this at a time wait here, so that a loop in a service cannot flood the daemon.
const maxOpenCallsPerRun = 64;

/** What services ask the daemon for: the key-value store and other services. */
export class PoolCalls {
  readonly #channel: DataChannel;
  readonly #open: Record<number, OpenCall> = Object.create(null);
  #waiting: { call: OpenCall; request: HostCall }[] = [];
  #lastId = 0;

  constructor(channel: DataChannel) {
    this.#channel = channel;
  }

  /** Rejects with the error the daemon gave, or when the run is aborted. */
  ask(run: HostRun, request: HostCall): Promise<unknown> {
    return new NativePromise((resolve, reject) => {
      if (run.isSettled) {
        const detail = 'The run has ended: what it still asks for is not done.';
        reject(new JobsdError('JOBSD_USAGE', detail));
        return;
      }
      const call = { run, resolve, reject };
      if (run.openCalls >= maxOpenCallsPerRun)
        this.#waiting[this.#waiting.length] = { call, request };
      else this.#send(call, request);
    });
  }

  answer(id: number, ok: boolean, value: unknown): void {
    const call = this.#open[id];
    if (call === undefined) return;
    delete this.#open[id];
    call.run.openCalls -= 1;
    if (ok) call.resolve(value);
    else call.reject(asError(value as WireError));
    this.#sendWaiting(call.run);
  }

  #send(call: OpenCall, request: HostCall): void {
    this.#lastId += 1;
    this.#open[this.#lastId] = call;
    call.run.openCalls += 1;
    this.#channel.send(['c', this.#lastId, call.run.handOver.seq, request]);
  }

  #sendWaiting(run: HostRun): void {
    if (this.#waiting.length === 0) return;
    const before = this.#waiting;
    this.#waiting = [];
    for (let index = 0; index < before.length; index += 1) {
      const next = before[index];
      if (next === undefined) continue;
      const fits = next.call.run === run && run.openCalls < maxOpenCallsPerRun;
      if (fits) this.#send(next.call, next.request);
      else this.#waiting[this.#waiting.length] = next;
    }
  }
}

function asError(error: WireError): Error {
  const made = new Error(error.message);
  made.name = error.name;
  return Object.assign(made, error.code === undefined ? {} : { code: error.code });
}
