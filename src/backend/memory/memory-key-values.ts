import type { Clock } from '../../clock/clock.ts';
import { JobsdError } from '../../errors.ts';
import { addToText } from '../add-to-text.ts';
import type { KeyValueStore } from '../backend.ts';
import { checkIncrement, checkKey, checkKeyLimit, checkTtl, checkValue } from '../check-input.ts';

interface Entry {
  readonly value: string;
  readonly expiresAt: number | undefined;
}

export class MemoryKeyValues implements KeyValueStore {
  private readonly clock: Clock;
  private readonly assertOpen: () => void;
  private readonly entries = new Map<string, Entry>();

  constructor(clock: Clock, assertOpen: () => void) {
    this.clock = clock;
    this.assertOpen = assertOpen;
  }

  async get(key: string): Promise<string | undefined> {
    this.assertOpen();
    checkKey(key);
    return this.find(key)?.value;
  }

  async set(key: string, value: string, { ttlMs }: { ttlMs?: number } = {}): Promise<void> {
    this.assertOpen();
    checkKey(key);
    checkValue(key, value);
    checkTtl(ttlMs);
    const expiresAt = ttlMs === undefined ? undefined : this.clock.now() + ttlMs;
    this.entries.set(key, { value, expiresAt });
  }

  async delete(key: string): Promise<boolean> {
    this.assertOpen();
    checkKey(key);
    const isThere = this.find(key) !== undefined;
    this.entries.delete(key);
    return isThere;
  }

  async keys(prefix: string, limit: number): Promise<string[]> {
    this.assertOpen();
    checkKeyLimit(limit);
    return [...this.entries.keys()]
      .filter((key) => key.startsWith(prefix) && this.find(key) !== undefined)
      .sort(byCodePoint)
      .slice(0, limit);
  }

  async increment(key: string, by: number): Promise<number> {
    this.assertOpen();
    checkKey(key);
    checkIncrement(by);
    const entry = this.find(key);
    const sum = addToText(entry?.value ?? '0', by);
    if (typeof sum === 'string') {
      throw new JobsdError('JOBSD_INPUT_INVALID', `Cannot add to "${key}": ${sum}`);
    }
    this.entries.set(key, { value: String(sum), expiresAt: entry?.expiresAt });
    return sum;
  }

  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    const isExpired = entry.expiresAt !== undefined && entry.expiresAt <= this.clock.now();
    return isExpired ? undefined : entry;
  }
}

/** The order of UTF-8 bytes, which is SQLite's and Redis's; UTF-16 units sort differently. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
