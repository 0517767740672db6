import type { Milliseconds } from '../../clock/clock.ts';
import type { PruneOptions } from '../backend.ts';
import type { Retention } from './prune-scan.ts';
import type { StoreCalls } from './store-calls.ts';

// While a ledger is pruned step by step, the limit of age moves on with the clock: what was found for
// a moment ago still stands. Not so when it moved back, or far: a wrong clock was put right.
const longestMoveMs: Milliseconds = 600_000;

/**
 * Prunes in steps: the reading thread looks through the ledger once, slice by slice; the writing
 * thread then only removes, a bounded number in each transaction.
 */
export class Pruning {
  private readonly reader: StoreCalls;
  private readonly writer: StoreCalls;
  /** Found and not removed yet, the oldest last. */
  private found: number[] = [];
  private unusedDefinitions: readonly number[] = [];
  private foundFor: Retention | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(stores: { reader: StoreCalls; writer: StoreCalls }) {
    this.reader = stores.reader;
    this.writer = stores.writer;
  }

  /** Removes up to `limit` records. `isKept` tells definitions to be spared. One call after another. */
  prune(
    options: PruneOptions,
    now: number,
    isKept: (definition: number) => boolean,
  ): Promise<number> {
    const result = this.last.then(() => this.step(options, now, isKept));
    this.last = result.catch(() => {});
    return result;
  }

  private async step(
    options: PruneOptions,
    now: number,
    isKept: (definition: number) => boolean,
  ): Promise<number> {
    if (this.found.length === 0 || !this.stands(options)) await this.search(options);
    const seqs = this.found.slice(-options.limit);
    const isLast = seqs.length === this.found.length;
    const definitions = isLast ? this.unusedDefinitions.filter((key) => !isKept(key)) : [];
    const removed = await this.writer.call('remove', { seqs, definitions, expiredAt: now });
    this.found.length -= seqs.length;
    return removed;
  }

  private stands({ before, keep }: Retention): boolean {
    if (this.foundFor?.keep !== keep) return false;
    const movedMs = before - this.foundFor.before;
    return movedMs >= 0 && movedMs <= longestMoveMs;
  }

  private async search({ before, keep }: Retention): Promise<void> {
    this.found = [];
    this.foundFor = undefined;
    for (let isFirst = true; ; isFirst = false) {
      const slice = await this.reader.call('scanToPrune', isFirst ? { before, keep } : undefined);
      for (const seq of slice.seqs) this.found.push(seq);
      if (slice.unusedDefinitions === undefined) continue;
      this.unusedDefinitions = slice.unusedDefinitions;
      this.foundFor = { before, keep };
      return;
    }
  }
}
