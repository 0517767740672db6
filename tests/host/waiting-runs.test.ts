import { expect, test } from 'vitest';
import { activeRun } from '../../src/host/active-run.ts';
import { type Lane, WaitingRuns } from '../../src/host/waiting-runs.ts';
import { aRequest } from './open-test-pool.ts';

function run(service: string) {
  return activeRun(aRequest(service), 0);
}

const laneOf = ({ request }: ReturnType<typeof run>): Lane =>
  request.service === 'new' ? 'untried' : request.service === 'spins' ? 'own' : 'known';

test('a run that cannot be placed holds up its own lane only', () => {
  const waiting = new WaitingRuns();
  for (const service of ['spins', 'new', 'known-1', 'spins', 'known-2', 'new'])
    waiting.add(run(service));
  const placed: string[] = [];
  waiting.place(laneOf, ({ request }) => {
    if (request.service === 'new' || request.service === 'spins') return false;
    placed.push(request.service);
    return true;
  });
  expect(placed).toEqual(['known-1', 'known-2']);
  expect([waiting.size, waiting.ownCount]).toEqual([4, 2]);
});

test('runs keep their order, and what is put back comes first', () => {
  const waiting = new WaitingRuns();
  const [first, second, third] = [run('a'), run('b'), run('c')];
  waiting.add(third);
  waiting.putBack([first, second]);
  const placed: unknown[] = [];
  waiting.place(laneOf, (one) => placed.push(one) > 0);
  expect(placed).toEqual([first, second, third]);
});

test('a run can be taken out wherever it waits', () => {
  const waiting = new WaitingRuns();
  const [known, own] = [run('a'), run('spins')];
  waiting.add(known);
  waiting.add(own);
  waiting.place(laneOf, () => false);
  waiting.remove(own);
  expect(waiting.size).toBe(1);
  expect(waiting.takeAll()).toEqual([known]);
  expect(waiting.size).toBe(0);
});
