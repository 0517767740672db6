import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileSchedule } from '../src/schedule/compile-schedule.ts';
import { type AnchoredSchedule, firstOccurrences } from '../src/schedule/first-occurrences.ts';
import type { Schedule, ScheduleDeclaration } from '../src/schedule/schedule.ts';
import { Timetable } from '../src/schedule/timetable.ts';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';

const now = Date.UTC(2026, 10, 20, 17, 0, 30);

/** Scheduling a million mixed jobs, what they weigh, and handing over many that are due at once. */
export function timetableRows(rounds = 5): BenchRow[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const pairs = distinctPairs(zones.slice(60));
  // The code is warmed with other zones, so that the first row shows what new zones cost.
  const warming = distinctPairs(zones.slice(0, 60));
  for (let month = 0; month < 24; month++) firstOccurrences(warming, now + month * 2_678_400_000);
  const newZonesMs = elapsed(() => firstOccurrences(pairs, now));
  const knownZonesMs = medianOf(rounds, () => elapsed(() => firstOccurrences(pairs, now)));
  const jobs = millionJobs(pairs);
  const scheduledMs = medianOf(3, () => elapsed(() => scheduled(jobs)));
  const first = 'first fires of 10 000 distinct (expression, zone)';
  return [
    { what: `${first}, all zones new`, value: newZonesMs / 10, unit: 'µs each', aim: '≤ 2' },
    { what: `${first}, zones known`, value: knownZonesMs / 10, unit: 'µs each', aim: '≤ 2' },
    { what: '1 000 000 mixed jobs scheduled', value: scheduledMs, unit: 'ms', aim: '≤ 2 000' },
    {
      what: 'memory of the timetable for them',
      value: bytesPerJob(jobs),
      unit: 'bytes a job',
      aim: '≤ 200',
    },
    ...burstRows('100 000', 100_000, rounds),
    ...burstRows('1 000 000', 1_000_000, rounds),
  ];
}

function burstRows(sizeText: string, size: number, rounds: number): BenchRow[] {
  const times = Array.from({ length: rounds }, () => burst(size));
  const what = `100 000 due at once of ${sizeText}`;
  const taken = median(times.map(([ms]) => ms));
  const all = median(times.map(([, ms]) => ms));
  return [
    { what: `${what}: taken out`, value: taken, unit: 'ms', aim: '≤ 30' },
    { what: `${what}: and entered again`, value: all, unit: 'ms' },
  ];
}

/** Equal shares of daily, monthly, weekday and stepped expressions over all zones there are. */
function distinctPairs(zones: readonly string[]): AnchoredSchedule[] {
  return Array.from({ length: 10_000 }, (_, index) => {
    const minute = index % 60;
    const hour = Math.floor(index / 60) % 24;
    const forms = [
      `${minute} ${hour} * * *`,
      `${minute} ${hour} ${1 + (index % 28)} * *`,
      `${minute} ${hour} * * MON-FRI`,
      `*/${1 + (index % 30)} ${hour} * ${1 + (index % 12)} *`,
    ];
    const timezone = zones[index % zones.length] ?? 'UTC';
    return anchored({ type: 'cron', cron: forms[index % 4] ?? '', timezone });
  });
}

/** 60 % cron, 30 % interval, 10 % one-time, each job with a schedule object of its own. */
function millionJobs(pairs: readonly AnchoredSchedule[]): AnchoredSchedule[] {
  return Array.from({ length: 1_000_000 }, (_, index) => {
    if (index % 10 < 6) {
      const pair = pairs[index % pairs.length];
      if (pair !== undefined) return { schedule: { ...pair.schedule }, anchorAt: now };
    }
    const bounds = { timezone: 'UTC', key: '' };
    const schedule: Schedule =
      index % 10 < 9
        ? { type: 'interval', everyDays: 0, everyMs: 1000 * (1 + (index % 86_400)), ...bounds }
        : { type: 'one-time', at: now + index * 1000, ...bounds };
    return { schedule, anchorAt: now - index };
  });
}

function scheduled(jobs: readonly AnchoredSchedule[]): Timetable {
  const timetable = new Timetable();
  const firsts = firstOccurrences(jobs, now);
  for (let slot = 0; slot < firsts.length; slot++) {
    const first = firsts[slot];
    if (first !== undefined) timetable.set(slot, first);
  }
  return timetable;
}

function bytesPerJob(jobs: readonly AnchoredSchedule[]): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  collectGarbage();
  const before = process.memoryUsage();
  const timetable = scheduled(jobs);
  collectGarbage();
  const after = process.memoryUsage();
  const bytes = after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
  return bytes / timetable.size;
}

/** Milliseconds to take 100 000 entries of one instant out of `size`, and to enter them again. */
function burst(size: number): readonly [number, number] {
  const timetable = new Timetable();
  const spread = size / 100_000;
  for (let slot = 0; slot < size; slot++)
    timetable.set(slot, slot % spread === 0 ? now : now + 1000 + ((slot * 7919) % 3_600_000));
  const from = performance.now();
  const due = timetable.takeDue(now);
  const taken = performance.now() - from;
  if (due.length !== 100_000) throw new Error(`${due.length} were due`);
  for (const slot of due) timetable.set(slot, now + 60_000);
  return [taken, performance.now() - from];
}

function anchored(declaration: ScheduleDeclaration): AnchoredSchedule {
  const result = compileSchedule(declaration, { jobName: 'bench', timezone: 'UTC' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { schedule: result.schedule, anchorAt: now };
}

function elapsed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

function medianOf(rounds: number, measure: () => number): number {
  return median(Array.from({ length: rounds }, measure));
}

if (import.meta.main) process.stdout.write(benchTable(timetableRows()));
