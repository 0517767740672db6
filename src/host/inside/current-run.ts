import { AsyncLocalStorage } from 'node:async_hooks';
import type { HostRun } from './host-run.ts';

/**
 * Which run the code at hand belongs to: the asynchronous context keeps it over timers, promises
 * and sockets, also in the handlers of uncaught errors.
 */
export class CurrentRun {
  readonly #storage = new AsyncLocalStorage<HostRun>();
  /** All runs that have begun here and are not settled. */
  readonly active: HostRun[] = [];

  within<T>(run: HostRun, work: () => T): T {
    return this.#storage.run(run, work);
  }

  /** Outside of any run: for what outlives the one that happened to be first. */
  outside<T>(work: () => T): T {
    return this.#storage.exit(work);
  }

  /** The run at hand; without a context the only one that it can be; else none. */
  get run(): HostRun | undefined {
    return this.#storage.getStore() ?? (this.active.length === 1 ? this.active[0] : undefined);
  }

  add(run: HostRun): void {
    this.active[this.active.length] = run;
  }

  remove(run: HostRun): void {
    let kept = 0;
    for (let index = 0; index < this.active.length; index += 1) {
      const other = this.active[index];
      if (other !== undefined && other !== run) this.active[kept++] = other;
    }
    this.active.length = kept;
  }

  /** How many take a place. */
  get busyCount(): number {
    let count = 0;
    for (let index = 0; index < this.active.length; index += 1) {
      if (this.active[index]?.openInvokes === 0) count += 1;
    }
    return count;
  }

  bySeq(seq: number): HostRun | undefined {
    for (let index = 0; index < this.active.length; index += 1) {
      if (this.active[index]?.handOver.seq === seq) return this.active[index];
    }
    return undefined;
  }
}
