import type { Clock } from '../../clock/clock.ts';
import type { KeyValueStore } from '../backend.ts';
import { checkIncrement, checkKey, checkKeyLimit, checkTtl, checkValue } from '../check-input.ts';
import type { GroupCommit } from './group-commit.ts';
import type { StoreCalls } from './store-calls.ts';

/** The key-value store in the state file. Its writes share the transactions of the ledger. */
export class SqliteKeyValues implements KeyValueStore {
  private readonly store: StoreCalls;
  private readonly group: GroupCommit;
  private readonly clock: Clock;

  constructor(store: StoreCalls, group: GroupCommit, clock: Clock) {
    this.store = store;
    this.group = group;
    this.clock = clock;
  }

  async get(key: string): Promise<string | undefined> {
    checkKey(key);
    return this.store.call('keyValue', key, this.clock.now());
  }

  async set(key: string, value: string, { ttlMs }: { ttlMs?: number } = {}): Promise<void> {
    checkKey(key);
    checkValue(key, value);
    checkTtl(ttlMs);
    await this.group.set(key, value, ttlMs === undefined ? undefined : this.clock.now() + ttlMs);
  }

  async delete(key: string): Promise<boolean> {
    checkKey(key);
    return this.group.delete(key);
  }

  async keys(prefix: string, limit: number): Promise<string[]> {
    checkKeyLimit(limit);
    return this.store.call('keys', prefix, this.clock.now(), limit);
  }

  async increment(key: string, by: number): Promise<number> {
    checkKey(key);
    checkIncrement(by);
    return this.group.increment(key, by);
  }
}
