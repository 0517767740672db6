import type { Clock } from '../../clock/clock.ts';
import { JobsdError } from '../../errors.ts';
import type { Change, CommitResult } from '../backend.ts';
import type { BatchResult } from './batch.ts';
import { BatchEncoder } from './batch-encoder.ts';
import type { StoreCalls } from './store-calls.ts';
import type { TextKeys } from './text-keys.ts';

interface Caller {
  settle(result: BatchResult): void;
  reject(error: unknown): void;
}

/** Puts all that is asked for in one turn, or while a commit is under way, into one transaction. */
export class GroupCommit {
  private readonly store: StoreCalls;
  private readonly clock: Clock;
  private readonly encoder: BatchEncoder;
  private callers: Caller[] = [];
  private flushing: Promise<void> | undefined;
  private isClosed = false;

  constructor(store: StoreCalls, clock: Clock, texts: TextKeys) {
    this.store = store;
    this.clock = clock;
    this.encoder = new BatchEncoder(texts);
  }

  commit(changes: readonly Change[]): Promise<CommitResult> {
    return this.join(
      (encoder) => encoder.addAll(changes),
      ({ dropped }, firstStep) => {
        if (dropped.length === 0) return { dropped: noIds };
        const own = dropped.map((step) => changes[step - firstStep]);
        return {
          dropped: own.flatMap((change) => (change?.kind === 'record' ? change.run.id : [])),
        };
      },
    );
  }

  set(key: string, value: string, expiresAt: number | undefined): Promise<void> {
    return this.join(
      (encoder) => encoder.set(key, value, expiresAt),
      () => {},
    );
  }

  delete(key: string): Promise<boolean> {
    return this.join(
      (encoder) => encoder.delete(key),
      ({ answers }, step) => answers.get(step) === true,
    );
  }

  increment(key: string, by: number): Promise<number> {
    return this.join(
      (encoder) => encoder.increment(key, by),
      ({ answers }, step) => {
        const answer = answers.get(step);
        if (typeof answer === 'number') return answer;
        throw new JobsdError('JOBSD_INPUT_INVALID', `Cannot add to "${key}": ${answer}`);
      },
    );
  }

  /** Resolves when all that was asked for has been settled; what comes later rejects. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.flushing;
  }

  private join<Answer>(
    encode: (encoder: BatchEncoder) => void,
    read: (result: BatchResult, firstStep: number) => Answer,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'The store is closed.');
      const firstStep = this.encoder.steps;
      encode(this.encoder);
      this.callers.push({
        settle(result) {
          try {
            resolve(read(result, firstStep));
          } catch (error) {
            reject(error);
          }
        },
        reject,
      });
      this.flushing ??= Promise.resolve().then(() => this.flushAll());
    });
  }

  private async flushAll(): Promise<void> {
    while (this.callers.length > 0) await this.flush();
    this.flushing = undefined;
  }

  private async flush(): Promise<void> {
    const { callers } = this;
    this.callers = [];
    const batch = this.encoder.take(this.clock.now());
    try {
      const result = await this.store.call('write', batch);
      for (const caller of callers) caller.settle(result);
    } catch (error) {
      for (const caller of callers) caller.reject(error);
    }
  }
}

const noIds: readonly string[] = [];
