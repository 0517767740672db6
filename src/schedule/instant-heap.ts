import type { Instant } from '../clock/clock.ts';

/**
 * A heap of (instant, slot) pairs in flat arrays, least instant first, then least slot. Four
 * children a node, which is flatter than two and reads one cache line for all of them: node n has
 * the children 4n+1 … 4n+4.
 */
export class InstantHeap {
  #size = 0;
  #instants = new Float64Array(16);
  #slots = new Int32Array(16);

  get size(): number {
    return this.#size;
  }

  instant(node: number): Instant {
    return this.#instants[node] ?? 0;
  }

  slot(node: number): number {
    return this.#slots[node] ?? 0;
  }

  push(at: Instant, slot: number): void {
    if (this.#size === this.#slots.length) this.#grow();
    let node = this.#size++;
    while (node > 0) {
      const parent = (node - 1) >> 2;
      if (!this.#isBefore(at, slot, parent)) break;
      this.#place(node, this.instant(parent), this.slot(parent));
      node = parent;
    }
    this.#place(node, at, slot);
  }

  /**
   * The nodes with instants up to `until`, ascending; undefined when they are more than `limit`.
   * A node is among them only if its parent is, so nothing but them and their children is read.
   */
  nodesUpTo(until: Instant, limit: number): number[] | undefined {
    const nodes: number[] = [];
    if (this.#size > 0 && this.instant(0) <= until) nodes.push(0);
    for (let index = 0; index < nodes.length; index++) {
      if (nodes.length > limit) return undefined;
      const child = (nodes[index] ?? 0) * 4 + 1;
      const end = Math.min(child + 4, this.#size);
      for (let node = child; node < end; node++) if (this.instant(node) <= until) nodes.push(node);
    }
    return nodes;
  }

  /**
   * Removes nodes, given ascending, of which each but the root has its parent among them. From the
   * last to the first: what fills a hole comes from the end, where nothing given is left, so it has
   * only to sink; and most holes are near the leaves.
   */
  removeNodes(nodes: readonly number[]): void {
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index] ?? 0;
      const last = --this.#size;
      if (node !== last) this.#sink(node, this.instant(last), this.slot(last));
    }
  }

  /** Forgets all but these nodes, given ascending. */
  keepNodes(nodes: readonly number[]): void {
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index] ?? 0;
      this.#place(index, this.instant(node), this.slot(node));
    }
    this.#size = nodes.length;
    for (let node = (this.#size - 2) >> 2; node >= 0; node--)
      this.#sink(node, this.instant(node), this.slot(node));
  }

  #sink(from: number, at: Instant, slot: number): void {
    const size = this.#size;
    let node = from;
    for (let child = node * 4 + 1; child < size; child = node * 4 + 1) {
      const end = Math.min(child + 4, size);
      let least = child;
      for (let other = child + 1; other < end; other++)
        if (this.#isBefore(this.instant(other), this.slot(other), least)) least = other;
      if (this.#isBefore(at, slot, least)) break;
      this.#place(node, this.instant(least), this.slot(least));
      node = least;
    }
    this.#place(node, at, slot);
  }

  #isBefore(at: Instant, slot: number, node: number): boolean {
    const other = this.instant(node);
    return at < other || (at === other && slot < this.slot(node));
  }

  #place(node: number, at: Instant, slot: number): void {
    this.#instants[node] = at;
    this.#slots[node] = slot;
  }

  #grow(): void {
    const instants = new Float64Array(this.#size * 2);
    instants.set(this.#instants);
    this.#instants = instants;
    const slots = new Int32Array(this.#size * 2);
    slots.set(this.#slots);
    this.#slots = slots;
  }
}
