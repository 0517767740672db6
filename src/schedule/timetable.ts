import type { Instant } from '../clock/clock.ts';
import { InstantHeap } from './instant-heap.ts';
import { sortSlots } from './sort-slots.ts';

/**
 * When each of up to millions of entries is due. An entry is a small whole number, its slot, chosen
 * by the caller (from 0 up, without large holes: memory goes by the highest one). 20 bytes a slot,
 * up to twice that while it grows. Entries due at one instant come in the order of their slots.
 *
 * Moving or deleting an entry leaves its old heap entry behind, recognised as stale because it
 * names another instant than the slot does. Heap entries that had to know where they are would
 * cost a random memory access with every step of every one of them.
 */
export class Timetable {
  readonly #heap = new InstantHeap();
  /** By slot: when it is due, NaN when it is not in. */
  #due = new Float64Array(16).fill(Number.NaN);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The earliest instant, undefined when there is none. */
  nextAt(): Instant | undefined {
    this.#dropStaleRoot();
    return this.#size === 0 ? undefined : this.#heap.instant(0);
  }

  /** When the slot is due, undefined when it is not in. */
  instantOf(slot: number): Instant | undefined {
    const at = this.#due[slot] ?? Number.NaN;
    return Number.isNaN(at) ? undefined : at;
  }

  /** Enters the slot, or moves it when it is in already. */
  set(slot: number, at: Instant): void {
    if (slot >= this.#due.length) this.#due = grown(this.#due, slot + 1);
    const before = this.#due[slot] ?? Number.NaN;
    if (before === at) return;
    if (Number.isNaN(before)) this.#size++;
    this.#due[slot] = at;
    this.#heap.push(at, slot);
    this.#sweep();
  }

  /** Takes the slot out. Gives whether it was in. */
  delete(slot: number): boolean {
    if (this.instantOf(slot) === undefined) return false;
    this.#leave(slot);
    this.#sweep();
    return true;
  }

  /** Takes out all that is due at `now`, or the earliest `limit` of it, in the order of instants. */
  takeDue(now: Instant, limit = Infinity): Int32Array {
    const nodes = this.#heap.nodesUpTo(now, limit);
    return nodes === undefined ? this.#takeOneByOne(now, limit) : this.#takeAll(nodes);
  }

  #takeOneByOne(now: Instant, limit: number): Int32Array {
    const taken = new Int32Array(limit);
    let count = 0;
    while (count < limit && this.#heap.size > 0 && this.#heap.instant(0) <= now) {
      if (!this.#isStale(0)) {
        const slot = this.#heap.slot(0);
        taken[count++] = slot;
        this.#leave(slot);
      }
      this.#heap.removeNodes([0]);
    }
    return taken.subarray(0, count);
  }

  #takeAll(nodes: readonly number[]): Int32Array {
    const slots = new Int32Array(nodes.length);
    const instants = new Float64Array(nodes.length);
    let count = 0;
    for (const node of nodes) {
      if (this.#isStale(node)) continue;
      slots[count] = this.#heap.slot(node);
      instants[count++] = this.#heap.instant(node);
      this.#leave(this.#heap.slot(node));
    }
    this.#heap.removeNodes(nodes);
    return sortSlots(slots.subarray(0, count), instants.subarray(0, count));
  }

  #leave(slot: number): void {
    this.#due[slot] = Number.NaN;
    this.#size--;
  }

  #isStale(node: number): boolean {
    return this.#due[this.#heap.slot(node)] !== this.#heap.instant(node);
  }

  #dropStaleRoot(): void {
    while (this.#heap.size > 0 && this.#isStale(0)) this.#heap.removeNodes([0]);
  }

  /** Keeps stale entries fewer than the others, so that they cost no more than a constant factor. */
  #sweep(): void {
    if (this.#heap.size <= 2 * this.#size + 64) return;
    const kept: number[] = [];
    for (let node = 0; node < this.#heap.size; node++) {
      if (this.#isStale(node)) continue;
      kept.push(node);
      // The same slot may stand there twice with the same instant: the second is now stale.
      this.#due[this.#heap.slot(node)] = Number.NaN;
    }
    this.#heap.keepNodes(kept);
    for (let node = 0; node < this.#heap.size; node++)
      this.#due[this.#heap.slot(node)] = this.#heap.instant(node);
  }
}

function grown(due: Float64Array, atLeast: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(atLeast, due.length * 2)).fill(Number.NaN, due.length);
  longer.set(due);
  return longer;
}
