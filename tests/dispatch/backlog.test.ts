import { expect, test } from 'vitest';
import { Backlog, mostOfAll, mostOfOne, mostPayload } from '../../src/dispatch/backlog.ts';
import { aTicket } from '../support/a-ticket.ts';

const behind = (backlog: Backlog, name: string, count: number) => {
  const ticket = aTicket({ name });
  for (let n = 0; n < count; n++) backlog.add(ticket);
  return ticket;
};

test('so many of one name may wait, and one more when one of them waits no more', () => {
  const backlog = new Backlog();
  const ticket = behind(backlog, 'busy', mostOfOne - 1);
  expect(backlog.limitFor('busy')).toBeUndefined();
  backlog.add(ticket);
  expect(backlog.limitFor('busy')).toBe('of-one');
  expect(backlog.limitFor('other')).toBeUndefined();
  backlog.remove(ticket);
  expect(backlog.limitFor('busy')).toBeUndefined();
});

test('so many of all may wait, and still one of a name of which none waits', () => {
  const backlog = new Backlog();
  for (let name = 0; name < mostOfAll / 1000; name++) behind(backlog, `job-${name}`, 1000);
  expect(backlog.limitFor('job-0')).toBe('of-all');
  expect(backlog.limitFor('late')).toBeUndefined();
  behind(backlog, 'late', 1);
  expect(backlog.limitFor('late')).toBe('of-all');
});

test('large payloads fill the backlog before many runs do', () => {
  const backlog = new Backlog();
  const { run, ...rest } = aTicket({ name: 'large' });
  const large = { ...rest, run: { ...run, payload: 'x'.repeat(mostPayload / 4) } };
  for (let n = 0; n < 3; n++) backlog.add(large);
  expect(backlog.limitFor('large')).toBeUndefined();
  backlog.add(large);
  expect(backlog.limitFor('large')).toBe('payloads');
  expect(backlog.limitFor('other')).toBeUndefined();
  backlog.remove(large);
  expect(backlog.limitFor('large')).toBeUndefined();
});
