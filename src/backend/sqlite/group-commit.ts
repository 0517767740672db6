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

// So many steps keep the store's thread busy while the next batch is made, and then sending it at
// once pays; fewer wait for the commit under way, because each commit costs a wait for the disk.
const stepsWorthSendingAhead = 1500;

/**
 * Puts all that is asked for in one turn, or while a commit is under way, into one transaction. When
 * one fails, all that was asked for before its caller is told fails with it: what comes after a
 * change must not be kept without it.
 */
export class GroupCommit {
  private readonly store: StoreCalls;
  private readonly clock: Clock;
  private readonly encoder: BatchEncoder;
  private callers: Caller[] = [];
  private underWay = 0;
  private epoch = 1;
  private willFlush = false;
  private isClosed = false;
  private idleWaiters: (() => void)[] = [];

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
    if (this.underWay === 0 && this.callers.length === 0) return;
    await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  private join<Answer>(
    encode: (encoder: BatchEncoder) => void,
    read: (result: BatchResult, firstStep: number) => Answer,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'The store is closed.');
      const firstStep = this.encoder.steps;
      encode(this.encoder);
      const settle = (result: BatchResult): void => {
        try {
          resolve(read(result, firstStep));
        } catch (error) {
          reject(error);
        }
      };
      this.callers.push({ settle, reject });
      this.flushSoon();
    });
  }

  private flushSoon(): void {
    if (this.willFlush) return;
    this.willFlush = true;
    queueMicrotask(() => {
      this.willFlush = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.callers.length === 0) {
      if (this.underWay === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
      return;
    }
    const isAhead = this.underWay === 1 && this.encoder.steps >= stepsWorthSendingAhead;
    if (this.underWay === 0 || isAhead) void this.send();
  }

  private async send(): Promise<void> {
    const { callers, epoch } = this;
    const batch = this.encoder.take(this.clock.now(), epoch);
    this.callers = [];
    this.underWay += 1;
    try {
      const result = await this.store.call('write', batch);
      for (const caller of callers) caller.settle(result);
    } catch (error) {
      for (const caller of callers) caller.reject(error);
      this.failLater(epoch, error);
    }
    this.underWay -= 1;
    this.flush();
  }

  private failLater(epoch: number, error: unknown): void {
    if (epoch !== this.epoch) return;
    this.epoch += 1;
    this.encoder.clear();
    for (const caller of this.callers.splice(0)) caller.reject(error);
  }
}

const noIds: readonly string[] = [];
