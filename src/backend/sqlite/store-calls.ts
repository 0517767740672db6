import type { Store } from './store.ts';

/** Names of the store's calls, and what they take and give. */
export type StoreMethod = Exclude<keyof Store, never>;
export type StoreArguments<Method extends StoreMethod> = Parameters<Store[Method]>;
export type StoreAnswer<Method extends StoreMethod> = ReturnType<Store[Method]>;

/** A store to be asked: in its own thread, or right here. Rejects with `JobsdError`. */
export interface StoreCalls {
  call<Method extends StoreMethod>(
    method: Method,
    ...values: StoreArguments<Method>
  ): Promise<StoreAnswer<Method>>;
  close(): Promise<void>;
}
