import type { Clock, Milliseconds } from '../clock/clock.ts';
import { isBuiltInService } from '../config/built-in-services.ts';
import type { RunId } from '../dispatch/run.ts';
import type { EndpointCall } from '../endpoint/endpoint-call.ts';
import type { ResolvedEndpoint } from '../endpoint/endpoint-settings.ts';
import { JobsdError } from '../errors.ts';
import type { Executor, ExecutorEvents, RunEnd, RunRequest } from '../host/executor.ts';
import { boundedError, boundedText, retryAdvice } from '../host/inside/bounded-error.ts';
import { resultText } from '../host/inside/result-text.ts';
import { RunReports } from '../host/run-reports.ts';
import type { BuiltInCall, BuiltInResult } from './built-in/built-in.ts';
import { builtIns } from './built-in/built-ins.ts';
import { RunKeys } from './run-keys.ts';

export interface BuiltInExecutorOptions {
  /** Secrets resolved. */
  readonly endpoints: ReadonlyMap<string, ResolvedEndpoint>;
  readonly clock: Clock;
  readonly events: ExecutorEvents;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

const hostName = 'inline';
// Requests and mails under way; what only answers has no bound.
const maxOpenCalls = 200;
const maxLineLength = 8192;

/** Runs the services that come with jobsd inside the daemon. Ends are told once per turn. */
export function createBuiltInExecutor(options: BuiltInExecutorOptions): Executor {
  return new BuiltInExecutor(options);
}

interface OpenRun {
  readonly request: RunRequest;
  readonly abort: AbortController;
  ending: Pick<RunEnd, 'outcome' | 'error'> | undefined;
  cancelTimer: () => void;
}

class BuiltInExecutor implements Executor {
  readonly #options: BuiltInExecutorOptions;
  readonly #reports: RunReports;
  readonly #open = new Map<RunId, OpenRun>();
  #wasFull = false;
  #onEmpty: (() => void) | undefined;

  constructor(options: BuiltInExecutorOptions) {
    this.#options = options;
    this.#reports = new RunReports(options.events, options.redact, () => this.#isRoomNew());
  }

  hasRoom(): boolean {
    const hasRoom = this.#open.size < maxOpenCalls;
    if (!hasRoom) this.#wasFull = true;
    return hasRoom;
  }

  start(request: RunRequest): string {
    const abort = lazyAbort();
    try {
      if (!isBuiltInService(request.service)) {
        throw new JobsdError('JOBSD_SERVICE_NOT_FOUND', `"${request.service}"`);
      }
      const result = builtIns[request.service](this.#callOf(request, abort));
      if (result instanceof Promise) this.#await(request, abort(), result);
      else this.#reports.end(succeeded(request, result));
    } catch (error) {
      this.#reports.end(failed(request, error));
    }
    return hostName;
  }

  cancel(id: RunId, reason: string): void {
    const run = this.#open.get(id);
    if (run !== undefined) this.#end(run, 'cancelled', reason);
  }

  async close(timeoutMs: Milliseconds): Promise<void> {
    const cancelTimer = this.#options.clock.after(timeoutMs, () => {
      for (const run of this.#open.values()) this.#end(run, 'lost', 'The daemon stopped.');
    });
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    cancelTimer();
    this.#reports.tell();
  }

  #callOf(request: RunRequest, abort: () => AbortController): BuiltInCall {
    return {
      payload: request.payload,
      endpoints: { all: this.#options.endpoints },
      endpointCall: () => endpointCall(request, abort().signal),
      log: (level, text) => {
        const at = this.#options.clock.now();
        this.#reports.log(request.id, { at, level, text: boundedText(text, maxLineLength) });
      },
    };
  }

  #await(request: RunRequest, abort: AbortController, result: Promise<BuiltInResult>): void {
    const run: OpenRun = { request, abort, ending: undefined, cancelTimer: () => {} };
    this.#open.set(request.id, run);
    const { timeoutMs } = request;
    const reason = `The run did not end within its timeout of ${timeoutMs} ms.`;
    run.cancelTimer = this.#options.clock.after(Math.min(timeoutMs, 2 ** 31 - 1), () =>
      this.#end(run, 'timed-out', reason),
    );
    result.then(
      (value) => this.#finish(run, succeeded(request, value)),
      (error: unknown) => this.#finish(run, failed(request, error)),
    );
  }

  /** Requests and mails end with their signal, so no grace is needed. */
  #end(run: OpenRun, outcome: RunEnd['outcome'], message: string): void {
    const name = outcome === 'timed-out' ? 'TimeoutError' : 'CancelledError';
    run.ending ??= { outcome, error: { name, message } };
    run.abort.abort(new Error(message));
  }

  #finish(run: OpenRun, end: RunEnd): void {
    run.cancelTimer();
    this.#open.delete(run.request.id);
    this.#reports.end(run.ending === undefined ? end : { ...identity(run.request), ...run.ending });
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  #isRoomNew(): boolean {
    if (!this.#wasFull || this.#open.size >= maxOpenCalls) return false;
    this.#wasFull = false;
    return true;
  }
}

function lazyAbort(): () => AbortController {
  let abort: AbortController | undefined;
  return () => {
    abort ??= new AbortController();
    return abort;
  };
}

function endpointCall(request: RunRequest, signal: AbortSignal): EndpointCall {
  const keys = new RunKeys(request.id);
  return { cid: request.cid, signal, nextKey: (kind) => keys.next(kind) };
}

function succeeded(request: RunRequest, result: BuiltInResult): RunEnd {
  const text = 'json' in result ? result.json : resultText(result.value).text;
  return {
    ...identity(request),
    outcome: 'succeeded',
    ...(text !== undefined && { result: text }),
  };
}

function failed(request: RunRequest, error: unknown): RunEnd {
  const retry = retryAdvice(error);
  return {
    ...identity(request),
    outcome: 'failed',
    error: boundedError(error),
    ...(retry && { retry }),
  };
}

function identity(request: RunRequest): { id: RunId; attempt: number } {
  return { id: request.id, attempt: request.attempt };
}
