import type { RunId } from './run.ts';
import type { Ticket } from './ticket.ts';

/**
 * Runs that wait for their turn. Highest priority first, then first come first served; one heap per
 * service, because room is given by service: a full service holds up no other.
 */
export class WaitingQueue {
  private readonly heaps = new Map<string, Ticket[]>();
  private readonly parked = new Map<string, Ticket[]>();
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
    this.push(ticket);
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
    let best: Ticket[] | undefined;
    for (const [service, heap] of this.heaps) {
      if (best?.[0] && heap[0] && !comesBefore(heap[0], best[0])) continue;
      if (hasRoom(service)) best = heap;
    }
    if (!best) return undefined;
    const ticket = pop(best);
    if (best.length === 0) this.heaps.delete(ticket.definition.service);
    this.count -= 1;
    this.ids.delete(ticket.run.id);
    return ticket;
  }

  /** Sets a ticket aside until `unpark(key)`, so that what it waits for is not asked again each time. */
  park(key: string, ticket: Ticket): void {
    this.count += 1;
    this.ids.add(ticket.run.id);
    const list = this.parked.get(key) ?? [];
    list.push(ticket);
    this.parked.set(key, list);
  }

  unpark(key: string): void {
    const list = this.parked.get(key);
    if (!list) return;
    this.parked.delete(key);
    for (const ticket of list) this.push(ticket);
  }

  unparkAll(): void {
    for (const key of [...this.parked.keys()]) this.unpark(key);
  }

  /** Everyone who waits, in no order, announced ones included. */
  *all(): Iterable<Ticket> {
    for (const lists of [this.heaps, this.parked]) for (const list of lists.values()) yield* list;
    yield* this.announced;
  }

  /** Takes out every ticket that fits. Linear: for cancelling and replacing, not for the hot path. */
  remove(fits: (ticket: Ticket) => boolean): Ticket[] {
    const removed: Ticket[] = [];
    for (const lists of [this.heaps, this.parked]) {
      for (const [key, list] of lists) {
        const gone = list.filter(fits);
        if (gone.length === 0) continue;
        removed.push(...gone);
        const rest = list.filter((ticket) => !fits(ticket)).sort(order);
        if (rest.length === 0) lists.delete(key);
        else lists.set(key, rest);
      }
    }
    this.count -= removed.length;
    for (const ticket of [...this.announced].filter(fits)) {
      this.announced.delete(ticket);
      removed.push(ticket);
    }
    for (const { run } of removed) this.ids.delete(run.id);
    return removed;
  }

  private push(ticket: Ticket): void {
    const { service } = ticket.definition;
    const heap = this.heaps.get(service);
    if (heap) siftUp(heap, ticket);
    else this.heaps.set(service, [ticket]);
  }
}

function order(a: Ticket, b: Ticket): number {
  return b.definition.priority - a.definition.priority || a.order - b.order;
}

function comesBefore(a: Ticket, b: Ticket): boolean {
  return order(a, b) < 0;
}

function siftUp(heap: Ticket[], ticket: Ticket): void {
  let index = heap.length;
  heap.push(ticket);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (!parent || comesBefore(parent, ticket)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = ticket;
}

function pop(heap: Ticket[]): Ticket {
  const [first] = heap;
  const last = heap.pop();
  if (!first || !last) throw new RangeError('pop of an empty heap');
  if (heap.length > 0) siftDown(heap, last);
  return first;
}

function siftDown(heap: Ticket[], ticket: Ticket): void {
  let index = 0;
  for (;;) {
    let childIndex = 2 * index + 1;
    let child = heap[childIndex];
    if (!child) break;
    const right = heap[childIndex + 1];
    if (right && comesBefore(right, child)) {
      child = right;
      childIndex += 1;
    }
    if (comesBefore(ticket, child)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = ticket;
}
