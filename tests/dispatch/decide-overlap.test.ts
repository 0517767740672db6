import { expect, test } from 'vitest';
import { decideOverlap } from '../../src/dispatch/decide-overlap.ts';

const idle = { active: 0, waiting: 0 };
const running = { active: 1, waiting: 0 };
const backedUp = { active: 1, waiting: 1 };
const held = { active: 0, waiting: 1 };

const table = [
  ['allow', idle, 'start'],
  ['allow', running, 'start'],
  ['allow', backedUp, 'start'],
  ['skip', idle, 'start'],
  ['skip', running, 'skip overlap'],
  ['skip', backedUp, 'skip overlap'],
  ['skip', held, 'skip overlap'],
  ['queue', idle, 'start'],
  ['queue', running, 'wait'],
  ['queue', backedUp, 'wait'],
  ['queue', held, 'wait'],
  ['queue-latest', idle, 'start'],
  ['queue-latest', running, 'wait-instead'],
  ['queue-latest', backedUp, 'wait-instead'],
  ['queue-latest', held, 'wait-instead'],
  ['replace', idle, 'start'],
  ['replace', running, 'replace'],
  ['replace', backedUp, 'replace'],
  ['replace', held, 'replace'],
] as const;

test.each(table)('%s with %o says %s', (policy, situation, expected) => {
  const decision = decideOverlap(policy, situation);
  const said = decision.kind === 'skip' ? `skip ${decision.reason}` : decision.kind;
  expect(said).toBe(expected);
});
