import { expect, test } from 'vitest';
import { isFull } from '../support/is-full.ts';
import { countFaults } from './check/check-history.ts';
import { describeFaultRun } from './describe-fault-run.ts';
import { driveFaultRun, killsOf } from './drive-fault-run.ts';
import { faultKinds } from './history.ts';

// `npm run fault` is the long form. A seed from outside replays the same plan.
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const kills = isFull ? 20 : 5;

test(`${kills} kills of the built program lose nothing and double nothing (FAULT_SEED=${seed})`, {
  timeout: 600_000,
}, async () => {
  const result = await driveFaultRun({
    seed,
    kills,
    longestLifeMs: 700,
    hosts: 1,
    // Here other tests keep the machine busy: how late a start is says nothing.
    lateMs: Number.POSITIVE_INFINITY,
  });
  const report = describeFaultRun(result);
  expect(result.log.surprises, report).toEqual([]);
  expect(countFaults(result.faults), report).toEqual(
    Object.fromEntries(faultKinds.map((kind) => [kind, 0])),
  );
  expect(killsOf(result.log)).toBeGreaterThanOrEqual(kills);
  // It was not all skipped and missed.
  const succeeded = result.history.records.filter(({ state }) => state === 'succeeded');
  expect(succeeded.length, report).toBeGreaterThan(5 * kills);
});
