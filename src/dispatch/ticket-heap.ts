import type { Ticket } from './ticket.ts';

/** Tickets by the order in which they get their turn: highest priority first, then first come. */
export class TicketHeap {
  private tickets: Ticket[] = [];

  get first(): Ticket | undefined {
    return this.tickets[0];
  }

  get size(): number {
    return this.tickets.length;
  }

  push(ticket: Ticket): void {
    siftUp(this.tickets, ticket);
  }

  /** The first, taken out. Throws RangeError when there is none. */
  pop(): Ticket {
    return pop(this.tickets);
  }

  all(): readonly Ticket[] {
    return this.tickets;
  }

  /** Takes out all that fit. */
  remove(fits: (ticket: Ticket) => boolean): Ticket[] {
    const gone = this.tickets.filter(fits);
    // What is sorted is a heap.
    if (gone.length > 0) this.tickets = this.tickets.filter((one) => !fits(one)).sort(order);
    return gone;
  }
}

function order(a: Ticket, b: Ticket): number {
  return b.definition.priority - a.definition.priority || a.order - b.order;
}

export function comesBefore(a: Ticket, b: Ticket): boolean {
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
