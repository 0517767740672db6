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
  readonly #starts: number[] = [];
  readonly #offsets: number[] = [];
  #until = 0;
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
    let high = this.#starts.length - 1;
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
    return this.#starts[stretch + 1] ?? this.#until;
  }

  isLast(stretch: number): boolean {
    return stretch >= this.#starts.length - 1;
  }

  offset(stretch: number): number {
    return this.#offsets[stretch] ?? 0;
  }

  /** The offset before the stretch; its own for the first one known. */
  offsetBefore(stretch: number): number {
    return this.#offsets[stretch - 1] ?? this.offset(stretch);
  }

  /** The offset after the stretch; its own for the last one known. */
  offsetAfter(stretch: number): number {
    return this.#offsets[stretch + 1] ?? this.offset(stretch);
  }

  /** Reads on until `second` can be judged. Keeps indexes. Gives whether anything was new. */
  coverUntil(second: number): boolean {
    if (second + marginSeconds <= this.#until) return false;
    const until = Math.max(second + marginSeconds, this.#until + 4 * yearSeconds);
    const span = zoneReader.readSpan(this.name, this.#until, until);
    this.#append(span.changes);
    this.#until = span.completeUntil;
    return true;
  }

  #cover(second: number): void {
    const first = this.#starts[0];
    if (first === undefined) this.#readFirst(second);
    else if (second - marginSeconds < first) this.#readBefore(second, first);
    this.coverUntil(second);
  }

  #readFirst(second: number): void {
    const from = second - marginSeconds;
    const span = zoneReader.readSpan(this.name, from, second + yearSeconds);
    this.#starts.push(from);
    this.#offsets.push(span.firstOffset);
    this.#append(span.changes);
    this.#until = span.completeUntil;
  }

  #readBefore(second: number, first: number): void {
    const from = second - 4 * yearSeconds;
    const span = zoneReader.readSpan(this.name, from, first);
    const changes = span.changes.filter(([at]) => at < first);
    const lastOffset = changes.at(-1)?.[1] ?? span.firstOffset;
    // What was the first known stretch began in truth with the last change found now.
    if (lastOffset === this.offset(0)) {
      this.#starts.shift();
      this.#offsets.shift();
    }
    this.#starts.unshift(from, ...changes.map(([at]) => at));
    this.#offsets.unshift(span.firstOffset, ...changes.map(([, offset]) => offset));
  }

  #append(changes: readonly (readonly [number, number])[]): void {
    for (const [at, offset] of changes) {
      this.#starts.push(at);
      this.#offsets.push(offset);
    }
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
