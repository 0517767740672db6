import type { RunId } from './run.ts';
import type { Ticket } from './ticket.ts';
import { comesBefore, TicketHeap } from './ticket-heap.ts';

type HeapsByService = Map<string, TicketHeap>;

/**
 * Runs that wait for their turn. Highest priority first, then first come first served; one heap per
 * service, because room is given by service: a full service holds up no other. What cannot start
 * for another reason is parked under a key until that may have changed.
 */
export class WaitingQueue {
  private readonly ready: HeapsByService = new Map();
  private readonly parked = new Map<string, HeapsByService>();
  // Of a key that is open, tickets are taken from where they are, one by one: to move thousands out,
  // and all but one back in, at each end of a run would hold up everything else.
  private readonly open = new Set<string>();
  private readonly announced = new Set<Ticket>();
  private readonly ids = new Set<RunId>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Whether a run of this id waits, announced ones included. */
  has(id: RunId): boolean {
    return this.ids.has(id);
  }

  add(ticket: Ticket): void {
    this.count += 1;
    this.ids.add(ticket.run.id);
    push(this.ready, ticket);
  }

  /** It waits from now on, and can be removed, but must not be taken before it is admitted. */
  announce(ticket: Ticket): void {
    this.announced.add(ticket);
    this.ids.add(ticket.run.id);
  }

  /** Lets in what was announced, unless it has been removed meanwhile. */
  admit(ticket: Ticket): void {
    if (this.announced.delete(ticket)) this.add(ticket);
  }

  /** Takes back what was announced. False when it has been removed meanwhile. */
  withdraw(ticket: Ticket): boolean {
    if (!this.announced.delete(ticket)) return false;
    this.ids.delete(ticket.run.id);
    return true;
  }

  /** The first ticket of a service that `hasRoom` for it, taken out; asked once per service. */
  takeFirst(hasRoom: (service: string) => boolean): Ticket | undefined {
    let best = firstOf(this.ready, hasRoom, undefined);
    let bestKey: string | undefined;
    for (const key of this.open) {
      const better = firstOf(this.parked.get(key), hasRoom, best);
      if (better === best) continue;
      best = better;
      bestKey = key;
    }
    if (!best) return undefined;
    const ticket = this.pop(best, bestKey);
    this.count -= 1;
    this.ids.delete(ticket.run.id);
    return ticket;
  }

  /**
   * Sets a ticket aside, so that what it waits for is not asked again each time. Closes the key:
   * what held up this one holds up all that are parked there.
   */
  park(key: string, ticket: Ticket): void {
    this.count += 1;
    this.ids.add(ticket.run.id);
    this.open.delete(key);
    const heaps = this.parked.get(key) ?? new Map();
    push(heaps, ticket);
    this.parked.set(key, heaps);
  }

  /** Those who are parked there may be taken, until one is parked there again. */
  unpark(key: string): void {
    if (this.parked.has(key)) this.open.add(key);
  }

  /** Only the first of those who are parked there may be taken. */
  unparkFirst(key: string): void {
    const heap = firstOf(this.parked.get(key), () => true, undefined);
    if (heap) push(this.ready, this.pop(heap, key));
  }

  /** All who are parked there, or anywhere, may be taken, whatever is parked there again. */
  unparkAll(key?: string): void {
    for (const one of key === undefined ? [...this.parked.keys()] : [key]) {
      for (const heap of this.parked.get(one)?.values() ?? []) {
        for (const ticket of heap.all()) push(this.ready, ticket);
      }
      this.parked.delete(one);
      this.open.delete(one);
    }
  }

  /** Everyone who waits, in no order, announced ones included. */
  *all(): Iterable<Ticket> {
    for (const heaps of this.places()) for (const heap of heaps.values()) yield* heap.all();
    yield* this.announced;
  }

  /** Takes out every ticket that fits. Linear: for cancelling and replacing, not for the hot path. */
  remove(fits: (ticket: Ticket) => boolean): Ticket[] {
    const removed: Ticket[] = [];
    for (const heaps of this.places()) {
      for (const [service, heap] of heaps) {
        removed.push(...heap.remove(fits));
        if (heap.size === 0) heaps.delete(service);
      }
    }
    for (const [key, heaps] of this.parked) if (heaps.size === 0) this.forget(key);
    this.count -= removed.length;
    for (const ticket of [...this.announced].filter(fits)) {
      this.announced.delete(ticket);
      removed.push(ticket);
    }
    for (const { run } of removed) this.ids.delete(run.id);
    return removed;
  }

  private *places(): Iterable<HeapsByService> {
    yield this.ready;
    yield* this.parked.values();
  }

  private pop(heap: TicketHeap, key: string | undefined): Ticket {
    const ticket = heap.pop();
    if (heap.size > 0) return ticket;
    const heaps = key === undefined ? this.ready : this.parked.get(key);
    heaps?.delete(ticket.definition.service);
    if (key !== undefined && heaps?.size === 0) this.forget(key);
    return ticket;
  }

  private forget(key: string): void {
    this.parked.delete(key);
    this.open.delete(key);
  }
}

function push(heaps: HeapsByService, ticket: Ticket): void {
  const { service } = ticket.definition;
  const heap = heaps.get(service) ?? new TicketHeap();
  if (heap.size === 0) heaps.set(service, heap);
  heap.push(ticket);
}

/** The heap whose first comes before `best`'s, of those whose service has room. */
function firstOf(
  heaps: HeapsByService | undefined,
  hasRoom: (service: string) => boolean,
  best: TicketHeap | undefined,
): TicketHeap | undefined {
  let first = best;
  for (const [service, heap] of heaps ?? []) {
    if (first?.first && heap.first && !comesBefore(heap.first, first.first)) continue;
    if (hasRoom(service)) first = heap;
  }
  return first;
}
