/** The key-value store as a service sees it. Keys and values are texts; keys hold at most 1024 characters. */
export interface KeyValues {
  get(key: string): Promise<string | undefined>;
  /** The value parsed as JSON; `undefined` when absent. Throws `SyntaxError` when it is not JSON. */
  getJson(key: string): Promise<unknown>;
  /** Anything but a text is kept as its JSON. `ttlMs`: milliseconds until the key is gone by itself. */
  set(key: string, value: unknown, options?: { readonly ttlMs?: number }): Promise<void>;
  /** Whether there was such a key. */
  delete(key: string): Promise<boolean>;
  /** Keys that begin with `prefix`, sorted; at most `limit` (1000). */
  keys(prefix?: string, limit?: number): Promise<readonly string[]>;
  /** Adds `by` (1) to a whole number, 0 when absent, and gives the sum. */
  increment(key: string, by?: number): Promise<number>;
}
