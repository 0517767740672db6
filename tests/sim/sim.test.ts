import { expect, test } from 'vitest';
import { isFull } from '../support/is-full.ts';
import { runSeed } from './run-seed.ts';

const seeds = Number(process.env.JOBSD_SIM_SEEDS ?? (isFull ? 200 : 10));
const firstSeed = Number(process.env.JOBSD_SIM_FROM ?? 1);

test('a month of trouble ends with every occurrence in exactly one record', async () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const { violations, runs } = await runSeed(seed);
    const replay = `replay: npm run sim -- --seeds 1 --from ${seed} --trace`;
    expect(violations, replay).toEqual([]);
    expect(runs).toBeGreaterThan(500);
  }
}, 600_000);

test('a seed gives the same world to the byte each time, and another seed another world', async () => {
  const first = await runSeed(4711);
  const again = await runSeed(4711);
  const other = await runSeed(4712);
  expect(again).toEqual(first);
  expect(other.hash).not.toBe(first.hash);
}, 60_000);
