import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ticket } from '../../src/dispatch/ticket.ts';
import { WaitingQueue } from '../../src/dispatch/waiting-queue.ts';
import { aTicket } from '../support/a-ticket.ts';

const always = () => true;

function takeAll(queue: WaitingQueue): Ticket[] {
  const taken: Ticket[] = [];
  for (let next = queue.takeFirst(always); next; next = queue.takeFirst(always)) taken.push(next);
  return taken;
}

test('tickets leave by priority, and first come first served among equals', () => {
  const wanted = fc.array(
    fc.record({
      priority: fc.integer({ min: -3, max: 3 }),
      service: fc.constantFrom('a', 'b', 'c'),
    }),
  );
  fc.assert(
    fc.property(wanted, (specs) => {
      const queue = new WaitingQueue();
      const tickets = specs.map((spec, order) => aTicket({ ...spec, order }));
      for (const ticket of tickets) queue.add(ticket);
      const expected = tickets.toSorted(
        (a, b) => b.definition.priority - a.definition.priority || a.order - b.order,
      );
      expect(takeAll(queue)).toEqual(expected);
      expect(queue.size).toBe(0);
    }),
  );
});

test('a service without room holds up no other', () => {
  const queue = new WaitingQueue();
  queue.add(aTicket({ service: 'full', priority: 9, order: 0 }));
  const other = aTicket({ service: 'free', order: 1 });
  queue.add(other);
  expect(queue.takeFirst((service) => service === 'free')).toBe(other);
  expect(queue.takeFirst((service) => service === 'free')).toBeUndefined();
  expect(queue.size).toBe(1);
});

test('a parked ticket keeps its place in the line', () => {
  const queue = new WaitingQueue();
  const [first, second] = [aTicket({ order: 0 }), aTicket({ order: 1 })];
  queue.add(first);
  queue.add(second);
  queue.takeFirst(always);
  queue.park('job:x', first);
  queue.unpark('job:x');
  expect(takeAll(queue)).toEqual([first, second]);
});

test('a ticket is found for removal wherever it waits', () => {
  const queue = new WaitingQueue();
  const tickets = [0, 1, 2, 3].map((order) => aTicket({ order }));
  for (const ticket of tickets.slice(0, 3)) queue.add(ticket);
  queue.park('job:x', tickets[3] as Ticket);
  expect(queue.remove((ticket) => ticket.order % 2 === 1)).toHaveLength(2);
  queue.unpark('job:x');
  expect(takeAll(queue).map((ticket) => ticket.order)).toEqual([0, 2]);
});

test('of those who are parked, as many come forward as are not parked again', () => {
  const queue = new WaitingQueue();
  const tickets = [0, 1, 2].map((order) => aTicket({ order, service: `service-${order}` }));
  for (const ticket of tickets) queue.park('group:g', ticket);
  expect(queue.takeFirst(always)).toBeUndefined();
  queue.unpark('group:g');
  expect(queue.takeFirst((service) => service !== 'service-0')).toBe(tickets[1]);
  expect(queue.takeFirst(always)).toBe(tickets[0]);
  queue.park('group:g', tickets[0] as Ticket);
  expect(queue.takeFirst(always)).toBeUndefined();
  expect(queue.size).toBe(2);
  queue.unparkAll();
  expect(takeAll(queue)).toEqual([tickets[0], tickets[2]]);
});

test('only the first of a job comes forward, and the next once it is asked for', () => {
  const queue = new WaitingQueue();
  const tickets = [0, 1, 2].map((order) => aTicket({ order }));
  for (const ticket of tickets) queue.park('job:x', ticket);
  queue.unparkFirst('job:x');
  expect(takeAll(queue)).toEqual([tickets[0]]);
  queue.unparkFirst('job:x');
  queue.unparkFirst('job:x');
  queue.unparkFirst('job:x');
  expect(takeAll(queue)).toEqual([tickets[1], tickets[2]]);
  expect(queue.size).toBe(0);
});
