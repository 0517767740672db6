import { expect, test } from 'vitest';
import { reactionsTo } from '../../src/dispatch/reaction.ts';
import type { RunRecord, RunState } from '../../src/dispatch/run.ts';

const run = (state: RunState): RunRecord => ({
  id: 'nightly@20260101T000000Z',
  job: 'nightly',
  service: 's',
  trigger: 'schedule',
  state,
  attempt: 1,
  plannedAt: 0,
  revision: 'r',
});
const on = {
  success: { service: 'celebrate' },
  failure: { service: 'alarm' },
  recovery: { job: 'all-clear' },
};
const ids = (state: RunState, wasFailing = false) =>
  reactionsTo({ on }, run(state), wasFailing).map((due) => due.id);

test('a failure and a lost run set off the reaction to failure', () => {
  expect(ids('failed')).toEqual(['alarm@failure-of-nightly@20260101T000000Z']);
  expect(ids('lost')).toEqual(['alarm@failure-of-nightly@20260101T000000Z']);
});

test('a timeout counts as failure unless it has a reaction of its own', () => {
  expect(ids('timed-out')).toEqual(['alarm@failure-of-nightly@20260101T000000Z']);
  const own = { on: { ...on, timeout: { service: 'slow' } } };
  expect(reactionsTo(own, run('timed-out'), false).map((due) => due.event)).toEqual(['timeout']);
});

test('the first success after a failure is a recovery as well', () => {
  expect(ids('succeeded')).toEqual(['celebrate@success-of-nightly@20260101T000000Z']);
  expect(ids('succeeded', true)).toEqual([
    'celebrate@success-of-nightly@20260101T000000Z',
    'all-clear@recovery-of-nightly@20260101T000000Z',
  ]);
});

test('a cancelled run sets off nothing', () => {
  expect(ids('cancelled')).toEqual([]);
});
