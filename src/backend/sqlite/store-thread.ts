import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import type { StoreMethod } from './store-calls.ts';
import { type StoreFailure, storeFailure } from './store-failure.ts';

/** What the main thread asks; answered in the order asked. */
export interface StoreRequest {
  readonly number: number;
  readonly method: StoreMethod;
  readonly values: readonly unknown[];
}

export interface StoreReply {
  readonly number: number;
  readonly answer?: unknown;
  readonly failure?: StoreFailure;
}

/** The number of the reply that tells how opening went: its answer is every text with its number. */
export const openingNumber = 0;

// This file is what a worker thread starts: SQLite's waits for the disk happen here, and the
// scheduler's event loop goes on meanwhile.
if (parentPort !== null) serve(parentPort, (workerData as { path: string }).path);

function serve(port: NonNullable<typeof parentPort>, path: string): void {
  const reply = (number: number, work: () => unknown): void => {
    port.postMessage(attempt(number, work, path));
  };
  let store: Store | undefined;
  reply(openingNumber, () => {
    store = openStore(path);
    return store.textEntries();
  });
  port.on('message', ({ number, method, values }: StoreRequest) => {
    reply(number, () => call(store, method, values));
    if (method === 'close') port.close();
  });
}

function call(store: Store | undefined, method: StoreMethod, values: readonly unknown[]): unknown {
  // The request was made through `StoreCalls`, which pairs each method with its own arguments.
  const target = store as unknown as Record<
    StoreMethod,
    (...values: readonly unknown[]) => unknown
  >;
  return target[method](...values);
}

function attempt(number: number, work: () => unknown, path: string): StoreReply {
  try {
    return { number, answer: work() };
  } catch (error) {
    return { number, failure: storeFailure(error, path) };
  }
}
