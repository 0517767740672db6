/**
 * Numbers for texts that many rows repeat, given out on the thread that encodes batches. A text gets
 * its number at its first use; the store learns of it with the next batch and keeps it from then on.
 */
export class TextKeys {
  private readonly keys = new Map<string, number>();
  private nextKey = 1;
  private fresh: [number, string][] = [];

  constructor(known: Iterable<readonly [number, string]>) {
    for (const [key, text] of known) {
      this.keys.set(text, key);
      this.nextKey = Math.max(this.nextKey, key + 1);
    }
  }

  keyOf(text: string): number {
    const known = this.keys.get(text);
    if (known !== undefined) return known;
    const key = this.nextKey++;
    this.keys.set(text, key);
    this.fresh.push([key, text]);
    return key;
  }

  /** Texts numbered since the last call. */
  takeFresh(): readonly (readonly [number, string])[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }
}
