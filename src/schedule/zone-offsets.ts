import { zoneReader } from './zone-reader.ts';

const daySeconds = 86_400;
const yearSeconds = 366 * daySeconds;

/**
 * Kept known on both sides of every answer: no change of offset moves a clock by more than a day,
 * so what lies further away cannot make a local time repeated or skipped.
 */
const marginSeconds = 2 * daySeconds;

/**
 * The UTC offsets of one zone: stretches of constant offset, in order, read a few years at a time
 * and kept. All instants are seconds since 1970-01-01T00:00:00Z.
 */
export class ZoneOffsets {
  readonly name: string;
  /**
   * Where stretches begin, and last, where knowledge ends. Typed arrays, because a plain one turns
   * from small integers to doubles in 2038, and each turn throws away compiled code.
   */
  #starts = new Float64Array(0);
  #offsets = new Int32Array(0);
  #latest = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The stretch that holds `second`. Indexes stay good until the next call of this method. */
  stretchAt(second: number): number {
    const latest = this.#latest;
    if (second >= this.start(latest) + marginSeconds && second < this.end(latest) - marginSeconds)
      return latest;
    this.#cover(second);
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= second) low = middle;
      else high = middle - 1;
    }
    this.#latest = low;
    return low;
  }

  start(stretch: number): number {
    return this.#starts[stretch] ?? Infinity;
  }

  /** Exclusive. Of the last known stretch: up to where it is known. */
  end(stretch: number): number {
    return this.start(stretch + 1);
  }

  isLast(stretch: number): boolean {
    return stretch >= this.#offsets.length - 1;
  }

  offset(stretch: number): number {
    return this.#offsets[stretch] ?? 0;
  }

  /** The offset before the stretch; its own for the first one known. */
  offsetBefore(stretch: number): number {
    // Index -1 would give the same, and cost more than the rest of finding an occurrence.
    return this.offset(stretch > 0 ? stretch - 1 : 0);
  }

  /** The offset after the stretch; its own for the last one known. */
  offsetAfter(stretch: number): number {
    return this.offset(this.isLast(stretch) ? stretch : stretch + 1);
  }

  /** Reads on until `second` can be judged. Keeps indexes. Gives whether anything was new. */
  coverUntil(second: number): boolean {
    const known = this.end(this.#offsets.length - 1);
    if (second + marginSeconds <= known) return false;
    const until = Math.max(second + marginSeconds, known + 4 * yearSeconds);
    const { changes, completeUntil } = zoneReader.readSpan(this.name, known, until);
    const starts = this.#starts.subarray(0, -1);
    this.#set(
      [...starts, ...changes.map(([at]) => at), completeUntil],
      [...this.#offsets, ...changes.map(([, offset]) => offset)],
    );
    return true;
  }

  #cover(second: number): void {
    if (this.#offsets.length === 0) this.#readFirst(second);
    else if (second - marginSeconds < this.start(0)) this.#readBefore(second);
    this.coverUntil(second);
  }

  #readFirst(second: number): void {
    const from = second - marginSeconds;
    const span = zoneReader.readSpan(this.name, from, second + yearSeconds);
    const { firstOffset, changes, completeUntil } = span;
    this.#set(
      [from, ...changes.map(([at]) => at), completeUntil],
      [firstOffset, ...changes.map(([, offset]) => offset)],
    );
  }

  #readBefore(second: number): void {
    const from = second - 4 * yearSeconds;
    const first = this.start(0);
    const { firstOffset, changes } = zoneReader.readSpan(this.name, from, first);
    const earlier = changes.filter(([at]) => at < first);
    // What was the first known stretch began in truth with the last change found now.
    const isSame = (earlier.at(-1)?.[1] ?? firstOffset) === this.offset(0);
    this.#set(
      [from, ...earlier.map(([at]) => at), ...this.#starts.subarray(isSame ? 1 : 0)],
      [
        firstOffset,
        ...earlier.map(([, offset]) => offset),
        ...this.#offsets.subarray(isSame ? 1 : 0),
      ],
    );
  }

  #set(starts: readonly number[], offsets: readonly number[]): void {
    this.#starts = Float64Array.from(starts);
    this.#offsets = Int32Array.from(offsets);
  }
}

const zones = new Map<string, ZoneOffsets>();
let latestZone = new ZoneOffsets('UTC');

/** The table of a zone that is known to exist. One per name for the life of the program. */
export function zoneOffsets(name: string): ZoneOffsets {
  if (latestZone.name === name) return latestZone;
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new ZoneOffsets(name);
    zones.set(name, zone);
  }
  latestZone = zone;
  return zone;
}
