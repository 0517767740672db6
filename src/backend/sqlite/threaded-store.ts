import { Worker } from 'node:worker_threads';
import { JobsdError } from '../../errors.ts';
import type { StoreAnswer, StoreArguments, StoreCalls, StoreMethod } from './store-calls.ts';
import type { StoreReply, StoreRequest, StoreThreadStart } from './store-thread.ts';

interface Waiter {
  resolve(answer: unknown): void;
  reject(error: JobsdError): void;
}

/** A store in a thread of its own. */
export class ThreadedStore implements StoreCalls {
  private readonly worker: Worker;
  private readonly waiters = new Map<number, Waiter>();
  private readonly ended: Promise<void>;
  private lastNumber = 0;
  private end: JobsdError | undefined;

  constructor(start: StoreThreadStart) {
    this.worker = new Worker(threadFile(), { workerData: start });
    this.worker.on('message', (reply: StoreReply) => this.settle(reply));
    this.worker.on('error', (cause) => {
      const detail = `${start.path}: The thread of the store has failed: ${(cause as Error).message}`;
      this.finish(new JobsdError('JOBSD_INTERNAL', detail, { cause }));
    });
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.finish(
          new JobsdError('JOBSD_BACKEND_UNWRITABLE', `${start.path}: The store is closed.`),
        );
        resolve();
      });
    });
  }

  /** Every text and its number; rejects when the file cannot be opened. */
  textEntries(): Promise<[number, string][]> {
    return this.call('textEntries');
  }

  call<Method extends StoreMethod>(
    method: Method,
    ...values: StoreArguments<Method>
  ): Promise<StoreAnswer<Method>> {
    if (this.end !== undefined) return Promise.reject(this.end);
    this.lastNumber += 1;
    this.worker.postMessage({ number: this.lastNumber, method, values } satisfies StoreRequest);
    return this.wait(this.lastNumber) as Promise<StoreAnswer<Method>>;
  }

  async close(): Promise<void> {
    if (this.end === undefined) await this.call('close');
    await this.ended;
  }

  /** Ends the thread at once, whatever it does; for an opening that failed. */
  async abandon(): Promise<void> {
    await this.worker.terminate();
  }

  private wait(number: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiters.set(number, { resolve, reject }));
  }

  private settle({ number, answer, failure }: StoreReply): void {
    const waiter = this.waiters.get(number);
    this.waiters.delete(number);
    if (failure === undefined) waiter?.resolve(answer);
    else waiter?.reject(new JobsdError(failure.code, failure.detail));
  }

  private finish(why: JobsdError): void {
    this.end ??= why;
    for (const { reject } of this.waiters.values()) reject(this.end);
    this.waiters.clear();
  }
}

// Beside this file under the same ending: TypeScript in development, JavaScript when built.
function threadFile(): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./store-thread.${ending}`, import.meta.url);
}
