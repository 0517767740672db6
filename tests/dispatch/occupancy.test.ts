import { expect, test } from 'vitest';
import { Occupancy } from '../../src/dispatch/occupancy.ts';
import { aTicket } from '../support/a-ticket.ts';

const limits = {
  services: new Map([['narrow', { maxRunning: 1 }]]),
  groups: new Map([
    ['pair', { maxRunning: 2 }],
    ['slow', { rate: { count: 2, perMs: 1000 } }],
  ]),
  hostCapacity: 3,
  isInline: (service: string) => service.startsWith('jobsd.'),
};

test('maxRunning of a service lets in as many as it says, until one has ended', () => {
  const occupancy = new Occupancy(limits);
  const ticket = aTicket({ service: 'narrow' });
  occupancy.start(ticket, 0);
  expect(occupancy.obstacle(ticket, 0)).toEqual({ kind: 'service', service: 'narrow' });
  occupancy.end(ticket);
  expect(occupancy.obstacle(ticket, 0)).toBeUndefined();
});

test('maxRunning of a group counts its services together', () => {
  const occupancy = new Occupancy(limits);
  occupancy.start(aTicket({ service: 'a', group: 'pair' }), 0);
  occupancy.start(aTicket({ service: 'b', group: 'pair' }), 0);
  const third = aTicket({ service: 'c', group: 'pair' });
  expect(occupancy.obstacle(third, 0)).toEqual({ kind: 'group', group: 'pair' });
});

test('a rate holds in every window, not only in aligned ones', () => {
  const occupancy = new Occupancy(limits);
  const ticket = aTicket({ group: 'slow' });
  occupancy.start(ticket, 900);
  occupancy.start(ticket, 950);
  expect(occupancy.obstacle(ticket, 1000)).toEqual({ kind: 'rate', group: 'slow', waitMs: 900 });
  expect(occupancy.obstacle(ticket, 1900)).toBeUndefined();
});

test('a clock set back holds a rate up by one window at most', () => {
  const occupancy = new Occupancy(limits);
  const ticket = aTicket({ group: 'slow' });
  occupancy.start(ticket, 1_000_000);
  occupancy.start(ticket, 1_000_000);
  expect(occupancy.obstacle(ticket, 0)).toEqual({ kind: 'rate', group: 'slow', waitMs: 1000 });
});

test('built-in services take no place in the hosts', () => {
  const occupancy = new Occupancy(limits);
  for (let n = 0; n < 3; n++) occupancy.start(aTicket({ service: 'mine' }), 0);
  expect(occupancy.serviceIsFull('mine')).toBe(true);
  expect(occupancy.serviceIsFull('jobsd.ping')).toBe(false);
});
