import type { Instant } from '../clock/clock.ts';

/**
 * When each of up to millions of entries is due: a heap with four children a node, in flat arrays.
 * An entry is a small whole number, its slot, chosen by the caller (0 up, without large holes: the
 * arrays are as long as the highest slot). 16 bytes a slot, up to twice that while it grows.
 * Entries due at the same instant come in the order of their slots.
 */
export class Timetable {
  #size = 0;
  /** The heap: instants and slots, node by node. Node n has the children 4n+1 … 4n+4. */
  #instants = new Float64Array(16);
  #slots = new Int32Array(16);
  /** By slot: its node + 1, or 0 when it is not in. */
  #nodes = new Int32Array(16);

  get size(): number {
    return this.#size;
  }

  /** The earliest instant, undefined when there is none. */
  nextAt(): Instant | undefined {
    return this.#size === 0 ? undefined : this.#instants[0];
  }

  /** When the slot is due, undefined when it is not in. */
  instantOf(slot: number): Instant | undefined {
    const node = (this.#nodes[slot] ?? 0) - 1;
    return node < 0 ? undefined : this.#instants[node];
  }

  /** Enters the slot, or moves it when it is in already. */
  set(slot: number, at: Instant): void {
    if (slot >= this.#nodes.length) this.#nodes = grownNodes(this.#nodes, slot + 1);
    const node = (this.#nodes[slot] ?? 0) - 1;
    if (node < 0) {
      this.#makeRoom();
      this.#rise(this.#size++, at, slot);
    } else this.#settle(node, at, slot);
  }

  /** Takes the slot out. Gives whether it was in. */
  delete(slot: number): boolean {
    const node = (this.#nodes[slot] ?? 0) - 1;
    if (node < 0) return false;
    this.#nodes[slot] = 0;
    const last = --this.#size;
    if (node !== last) this.#settle(node, this.#instants[last] ?? 0, this.#slots[last] ?? 0);
    return true;
  }

  /** Takes out all that is due at `now`, or the earliest `limit` of it, in the order of instants. */
  takeDue(now: Instant, limit = Infinity): Int32Array {
    const due = this.#dueNodes(now, limit);
    return due === undefined ? this.#takeOneByOne(limit) : this.#takeAll(due);
  }

  /**
   * The nodes that are due, ascending; undefined when they are more than `limit`. A node is due
   * only when its parent is, so this looks at what is due and its children, at nothing else.
   */
  #dueNodes(now: Instant, limit: number): number[] | undefined {
    const instants = this.#instants;
    const due: number[] = [];
    if (this.#size > 0 && (instants[0] ?? 0) <= now) due.push(0);
    for (let index = 0; index < due.length; index++) {
      if (due.length > limit) return undefined;
      const child = (due[index] ?? 0) * 4 + 1;
      const end = Math.min(child + 4, this.#size);
      for (let node = child; node < end; node++) if ((instants[node] ?? 0) <= now) due.push(node);
    }
    return due;
  }

  #takeOneByOne(limit: number): Int32Array {
    const taken = new Int32Array(limit);
    for (let index = 0; index < limit; index++) {
      const slot = this.#slots[0] ?? 0;
      taken[index] = slot;
      this.delete(slot);
    }
    return taken;
  }

  /**
   * From the last node to the first: what fills a hole comes from the end, so it is never due, and
   * has only to sink. Most holes are near the leaves, which is why this is far cheaper than taking
   * the root again and again.
   */
  #takeAll(due: readonly number[]): Int32Array {
    const taken = this.#inOrder(due);
    for (const slot of taken) this.#nodes[slot] = 0;
    for (let index = due.length - 1; index >= 0; index--) {
      const node = due[index] ?? 0;
      const last = --this.#size;
      if (node !== last) this.#sink(node, this.#instants[last] ?? 0, this.#slots[last] ?? 0);
    }
    return taken;
  }

  #inOrder(nodes: readonly number[]): Int32Array {
    const slots = Int32Array.from(nodes, (node) => this.#slots[node] ?? 0);
    const first = this.#instants[0] ?? 0;
    let latest = first;
    for (const node of nodes) latest = Math.max(latest, this.#instants[node] ?? 0);
    if (latest === first) return slots.sort();
    const width = this.#nodes.length;
    if ((latest - first) * width < Number.MAX_SAFE_INTEGER && Number.isInteger(latest - first)) {
      // Instant and slot packed into one number sort without a comparison function.
      const keys = Float64Array.from(
        nodes,
        (node) => ((this.#instants[node] ?? 0) - first) * width + (this.#slots[node] ?? 0),
      );
      return Int32Array.from(keys.sort(), (key) => key % width);
    }
    return slots.sort((a, b) => (this.instantOf(a) ?? 0) - (this.instantOf(b) ?? 0) || a - b);
  }

  /** Puts an entry at a node or wherever the heap wants it from there. */
  #settle(node: number, at: Instant, slot: number): void {
    const parent = (node - 1) >> 2;
    const rises = node > 0 && this.#isBefore(at, slot, parent);
    if (rises) this.#rise(node, at, slot);
    else this.#sink(node, at, slot);
  }

  #isBefore(at: Instant, slot: number, node: number): boolean {
    const other = this.#instants[node] ?? 0;
    return at < other || (at === other && slot < (this.#slots[node] ?? 0));
  }

  #rise(from: number, at: Instant, slot: number): void {
    let node = from;
    while (node > 0) {
      const parent = (node - 1) >> 2;
      if (!this.#isBefore(at, slot, parent)) break;
      this.#place(node, this.#instants[parent] ?? 0, this.#slots[parent] ?? 0);
      node = parent;
    }
    this.#place(node, at, slot);
  }

  #sink(from: number, at: Instant, slot: number): void {
    const size = this.#size;
    let node = from;
    for (let child = node * 4 + 1; child < size; child = node * 4 + 1) {
      const end = Math.min(child + 4, size);
      let least = child;
      for (let other = child + 1; other < end; other++)
        if (this.#isBefore(this.#instants[other] ?? 0, this.#slots[other] ?? 0, least))
          least = other;
      if (this.#isBefore(at, slot, least)) break;
      this.#place(node, this.#instants[least] ?? 0, this.#slots[least] ?? 0);
      node = least;
    }
    this.#place(node, at, slot);
  }

  #place(node: number, at: Instant, slot: number): void {
    this.#instants[node] = at;
    this.#slots[node] = slot;
    this.#nodes[slot] = node + 1;
  }

  #makeRoom(): void {
    if (this.#size < this.#slots.length) return;
    const instants = new Float64Array(this.#size * 2);
    instants.set(this.#instants);
    this.#instants = instants;
    const slots = new Int32Array(this.#size * 2);
    slots.set(this.#slots);
    this.#slots = slots;
  }
}

function grownNodes(nodes: Int32Array, atLeast: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(atLeast, nodes.length * 2));
  grown.set(nodes);
  return grown;
}
