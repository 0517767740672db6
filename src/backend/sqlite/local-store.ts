import { JobsdError } from '../../errors.ts';
import type { Store } from './store.ts';
import type { StoreAnswer, StoreArguments, StoreCalls, StoreMethod } from './store-calls.ts';
import { guarded } from './store-failure.ts';

/** A store on the thread that asks. For reading only: a command has nothing else to do meanwhile. */
export class LocalStore implements StoreCalls {
  private readonly store: Store;
  private readonly path: string;
  private isClosed = false;

  constructor(store: Store, path: string) {
    this.store = store;
    this.path = path;
  }

  async call<Method extends StoreMethod>(
    method: Method,
    ...values: StoreArguments<Method>
  ): Promise<StoreAnswer<Method>> {
    if (this.isClosed) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'The store is closed.');
    return guarded(this.path, () => {
      const target = this.store as unknown as Record<
        Method,
        (...values: StoreArguments<Method>) => StoreAnswer<Method>
      >;
      return target[method](...values);
    });
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.store.close();
  }
}
