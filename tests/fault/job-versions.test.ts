import { expect, test } from 'vitest';
import { jobVersions, type LedgerLook } from './check/job-versions.ts';
import { occurrencesOf } from './check/oracle.ts';
import { aFaultJob } from './fault-job.ts';

const slow = aFaultJob({ schedule: { type: 'interval', everyMs: 2000 } });
const quick = aFaultJob({ schedule: { type: 'interval', everyMs: 1000 } });
const end = { requiredUntilAt: 90_000, allowedUntilAt: 100_000 };

function look(
  at: number,
  readyAt: number,
  anchorAt?: number,
  cursorAt = anchorAt ?? 0,
): LedgerLook {
  const state = { job: 'job', scheduleKey: 'k', occurrences: 0, cursorAt };
  return { at, readyAt, states: anchorAt === undefined ? [] : [{ ...state, anchorAt }] };
}

test('a job that nobody edits has one version, from its anchor to the end', () => {
  const edits = [{ name: 'job', at: 0, job: slow }];
  const looks = [look(10_000, Number.POSITIVE_INFINITY), look(20_000, 11_000, 10_500, 18_500)];
  expect(jobVersions(edits, looks, end)).toEqual([{ job: slow, anchorAt: 10_500, ...end }]);
});

test('a schedule edited under a running daemon holds up to the reload', () => {
  const edits = [
    { name: 'job', at: 0, job: slow },
    { name: 'job', at: 15_000, job: quick },
  ];
  const looks = [look(10_000, 2000, 1000, 9000), look(20_000, 12_000, 15_300, 18_300)];
  expect(jobVersions(edits, looks, end)).toEqual([
    { job: slow, anchorAt: 1000, requiredUntilAt: 15_300, allowedUntilAt: 15_300 },
    { job: quick, anchorAt: 15_300, ...end },
  ]);
});

test('a schedule whose edit is found at a start ends with its last record', () => {
  const edits = [
    { name: 'job', at: 0, job: slow },
    { name: 'job', at: 9900, job: quick },
  ];
  const looks = [look(10_000, 2000, 1000, 9000), look(20_000, 12_000, 11_000, 18_000)];
  expect(jobVersions(edits, looks, end)).toEqual([
    { job: slow, anchorAt: 1000, requiredUntilAt: 9000, allowedUntilAt: 9000 },
    { job: quick, anchorAt: 11_000, ...end },
  ]);
});

test('a job taken out under a running daemon is required up to the edit, and may come back', () => {
  const edits = [
    { name: 'job', at: 0, job: slow },
    { name: 'job', at: 15_000, job: undefined },
    { name: 'job', at: 25_000, job: slow },
  ];
  const looks = [
    look(10_000, 2000, 1000, 9000),
    look(20_000, 12_000),
    look(30_000, 22_000, 25_200, 29_200),
  ];
  expect(jobVersions(edits, looks, end)).toEqual([
    { job: slow, anchorAt: 1000, requiredUntilAt: 15_000, allowedUntilAt: 20_000 },
    { job: slow, anchorAt: 25_200, ...end },
  ]);
});

test('the oracle counts occurrences strictly after the anchor, and no more than the repeats', () => {
  const every = { type: 'interval', everyMs: 1000 } as const;
  expect(occurrencesOf(every, 500, 3500)).toEqual([1500, 2500, 3500]);
  expect(occurrencesOf({ ...every, repeats: 2 }, 500, 9000)).toEqual([1500, 2500]);
  expect(occurrencesOf({ ...every, startAt: 250 }, 1250, 3300)).toEqual([2250, 3250]);
  expect(occurrencesOf({ ...every, startAt: 5000 }, 1250, 6000)).toEqual([5000, 6000]);
  const cron = { type: 'cron', seconds: [0, 30] } as const;
  expect(occurrencesOf(cron, 30_000, 120_000)).toEqual([60_000, 90_000, 120_000]);
  expect(occurrencesOf({ type: 'one-time', at: 700 }, 500, 1000)).toEqual([700]);
  expect(occurrencesOf({ type: 'one-time', at: 500 }, 500, 1000)).toEqual([]);
});
