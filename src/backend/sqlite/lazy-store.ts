import { JobsdError } from '../../errors.ts';
import type { StoreAnswer, StoreArguments, StoreCalls, StoreMethod } from './store-calls.ts';

/** A store that is opened when it is first asked. */
export class LazyStore implements StoreCalls {
  private readonly open: () => StoreCalls;
  private opened: StoreCalls | undefined;
  private isClosed = false;

  constructor(open: () => StoreCalls) {
    this.open = open;
  }

  async call<Method extends StoreMethod>(
    method: Method,
    ...values: StoreArguments<Method>
  ): Promise<StoreAnswer<Method>> {
    if (this.isClosed) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'The store is closed.');
    this.opened ??= this.open();
    return this.opened.call(method, ...values);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.opened?.close();
  }
}
