/** A source of chance that gives the same numbers for the same seed, on every machine. */
export class Random {
  private state: number;

  constructor(seed: number, stream = '') {
    // FNV-1a of both, so that neighbouring seeds have nothing in common.
    let state = 0x811c9dc5;
    for (const unit of `${seed}/${stream}`) {
      state = Math.imul(state ^ unit.charCodeAt(0), 0x01000193);
    }
    this.state = state >>> 0;
  }

  /** In [0, 1): mulberry32 (T. Ettinger, public domain). */
  readonly next = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A whole number whose order of magnitude is as likely as any other between the two. */
  magnitude(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.next());
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new RangeError('nothing to pick from');
    return values[this.between(0, values.length - 1)] as Value;
  }

  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    throw new RangeError('nothing to pick from');
  }
}
