import { parentPort, workerData } from 'node:worker_threads';
import { openStore, openStoreReadOnly } from './open-store.ts';
import type { Store } from './store.ts';
import type { StoreMethod } from './store-calls.ts';
import { type StoreFailure, storeFailure } from './store-failure.ts';

/** What a thread is started with. */
export interface StoreThreadStart {
  readonly path: string;
  readonly readOnly?: boolean;
}

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

// This file is what a worker thread starts: SQLite's waits for the disk happen here, and the
// scheduler's event loop goes on meanwhile.
if (parentPort !== null) serve(parentPort, workerData as StoreThreadStart);

function serve(port: NonNullable<typeof parentPort>, start: StoreThreadStart): void {
  // Opened by the first call, so that what is wrong with the file is that call's answer.
  let store: Store | undefined;
  port.on('message', ({ number, method, values }: StoreRequest) => {
    try {
      if (method !== 'close') store ??= open(start);
      port.postMessage({ number, answer: call(store, method, values) } satisfies StoreReply);
    } catch (error) {
      const failure = storeFailure(error, start.path);
      port.postMessage({ number, failure } satisfies StoreReply);
    }
    if (method === 'close') port.close();
  });
}

function open({ path, readOnly }: StoreThreadStart): Store {
  return readOnly === true ? openStoreReadOnly(path) : openStore(path);
}

function call(store: Store | undefined, method: StoreMethod, values: readonly unknown[]): unknown {
  // The request was made through `StoreCalls`, which pairs each method with its own arguments.
  const methods = store as unknown as Record<
    StoreMethod,
    (...values: readonly unknown[]) => unknown
  >;
  return methods?.[method](...values);
}
