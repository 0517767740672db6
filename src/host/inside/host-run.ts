import type { ChannelKind, JobContext } from '../executor.ts';
import type { WireError, WireRetry } from '../protocol.ts';
import { monotonic, NativeAbortController, NativeError } from './intrinsics.ts';

export interface RunSettlement {
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly result?: string;
  readonly error?: WireError;
  readonly retry?: WireRetry;
}

export interface HandOver {
  readonly seq: number;
  readonly id: string;
  readonly attempt: number;
  readonly service: string;
  readonly payload: string | null;
  readonly cid: string;
  readonly channel: ChannelKind;
  readonly job: JobContext | null;
}

/** One attempt inside this host, from its begin to its one settlement. */
export class HostRun {
  readonly handOver: HandOver;
  readonly beganAt = monotonic();
  /** The turn of the event loop it began in, and how many runs were under way then, itself included. */
  readonly beganInTurn: number;
  readonly beganAmong: number;
  /** Length of the first synchronous part, in which nothing else of this host could move. */
  blockedMs = 0;
  isSettled = false;
  logLines = 0;
  logLength = 0;
  openCalls = 0;
  /** Waiting for another service, it leaves its place to others: maybe to that very service. */
  openInvokes = 0;
  readonly #onSettled: (run: HostRun, settlement: RunSettlement) => void;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(
    handOver: HandOver,
    began: { readonly inTurn: number; readonly among: number },
    onSettled: (run: HostRun, settlement: RunSettlement) => void,
  ) {
    this.handOver = handOver;
    this.beganInTurn = began.inTurn;
    this.beganAmong = began.among;
    this.#onSettled = onSettled;
  }

  /** The first settlement counts; whatever the service still does afterwards changes nothing. */
  settle(settlement: RunSettlement): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#onSettled(this, settlement);
  }

  /** Made when first asked for: most runs never look at it. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new NativeAbortController();
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  abort(reason: string): void {
    const error = new NativeError(reason);
    error.name = 'AbortError';
    this.#abortReason = error;
    this.#abort?.abort(error);
  }
}
