import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileSchedule } from '../src/schedule/compile-schedule.ts';
import { type AnchoredSchedule, firstOccurrences } from '../src/schedule/first-occurrences.ts';
import type { Schedule, ScheduleDeclaration } from '../src/schedule/schedule.ts';
import { Timetable } from '../src/schedule/timetable.ts';

export interface TimetableRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: string;
}

const now = Date.UTC(2026, 10, 20, 17, 0, 30);

/** Scheduling a million mixed jobs, what they weigh, and handing over many that are due at once. */
export function timetableRows(rounds = 5): TimetableRow[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const pairs = distinctPairs(zones.slice(60));
  // The code is warmed with other zones, so that the first row shows what new zones cost.
  const warming = distinctPairs(zones.slice(0, 60));
  for (let month = 0; month < 24; month++) firstOccurrences(warming, now + month * 2_678_400_000);
  const cold = elapsed(() => firstOccurrences(pairs, now));
  const rows: TimetableRow[] = [
    row(
      'first fires of 10 000 distinct (expression, zone), all zones new',
      cold / 10,
      'µs each',
      '2',
    ),
  ];
  const warm = medianOf(rounds, () => elapsed(() => firstOccurrences(pairs, now)));
  rows.push(row('the same with the zones known', warm / 10, 'µs each', '2'));
  const jobs = millionJobs(pairs);
  rows.push(
    row(
      '1 000 000 mixed jobs scheduled',
      medianOf(3, () => elapsed(() => scheduled(jobs))),
      'ms',
      '2000',
    ),
  );
  rows.push(row('memory of the timetable for them', bytesPerJob(jobs), 'bytes a job', '200'));
  for (const size of [100_000, 1_000_000]) {
    const times = Array.from({ length: rounds }, () => burst(size));
    rows.push(
      row(
        `100 000 due at once of ${size}: taken out`,
        median(times.map(([taken]) => taken)),
        'ms',
        '30',
      ),
    );
    rows.push(
      row(
        `100 000 due at once of ${size}: and entered again`,
        median(times.map(([, all]) => all)),
        'ms',
        '-',
      ),
    );
  }
  return rows;
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

function row(what: string, value: number, unit: string, aim: string): TimetableRow {
  return { what, value: Math.round(value * 100) / 100, unit, aim };
}

function elapsed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

function medianOf(rounds: number, measure: () => number): number {
  return median(Array.from({ length: rounds }, measure));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.main) console.table(timetableRows());
