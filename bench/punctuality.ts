import { pathToFileURL } from 'node:url';
import { Cron } from 'croner';
import { systemClock } from '../src/clock/system-clock.ts';
import { Alarm } from '../src/daemon/alarm.ts';
import { Timetable } from '../src/schedule/timetable.ts';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';

/** How late each of many handlers was called, in milliseconds; negative would be early. */
type Lateness = readonly number[];

// Read once: asking for it costs as much as everything else between two handlers.
const timeOrigin = performance.timeOrigin;
const wall = () => timeOrigin + performance.now();

/** Our clockwork, timetable and alarm, with handlers in the process. */
function jobsdLateness(instants: readonly number[]): Promise<Lateness> {
  const { promise, resolve } = Promise.withResolvers<Lateness>();
  const timetable = new Timetable();
  for (const [slot, at] of instants.entries()) timetable.set(slot, at);
  const late: number[] = [];
  const handler = (slot: number) => late.push(wall() - (instants[slot] ?? Number.NaN));
  const alarm: Alarm = new Alarm(systemClock, () => {
    for (const slot of timetable.takeDue(systemClock.now())) handler(slot);
    if (timetable.size > 0) alarm.set(timetable.nextAt());
    else {
      alarm.stop();
      resolve(late);
    }
  });
  alarm.set(timetable.nextAt());
  return promise;
}

function cronerLateness(instants: readonly number[]): Promise<Lateness> {
  const { promise, resolve } = Promise.withResolvers<Lateness>();
  const late: number[] = [];
  for (const at of instants) {
    new Cron(new Date(at), () => {
      late.push(wall() - at);
      if (late.length === instants.length) resolve(late);
    });
  }
  // Some of its jobs are never called when making so many takes longer than the time until they
  // are due: what has come by then has to do.
  const deadline = Math.max(...instants) + longestLatenessMs - Date.now();
  setTimeout(() => resolve(late), deadline);
  return promise;
}

function p99(values: Lateness): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.ceil(sorted.length * 0.99) - 1, sorted.length - 1)] ?? Number.NaN;
}

const longestLatenessMs = 5000;
const apartMs = 80;

const nextSecond = (aheadMs: number) => Math.ceil((Date.now() + aheadMs) / 1000) * 1000;

/** Many jobs due at one second, first one side, then the other, in turns. */
async function burst(jobs: number, rounds: number, aheadMs: number): Promise<BenchRow[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  let earliest = Number.POSITIVE_INFINITY;
  const instants = () => new Array<number>(jobs).fill(nextSecond(aheadMs));
  for (let round = 0; round < rounds; round++) {
    const sides = [
      async () => {
        const late = await jobsdLateness(instants());
        earliest = Math.min(earliest, ...late);
        ours.push(p99(late));
      },
      async () => theirs.push(p99(await cronerLateness(instants()))),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
  }
  const ratio = median(ours.map((late, round) => late / (theirs[round] ?? Number.NaN)));
  const aim = jobs >= 10_000 ? '≤ 0.12' : '≤ 0.25';
  const what = `${jobs} jobs due at one second`;
  return [
    { what: `${what}: p99 late`, value: median(ours), unit: 'ms' },
    { what: `${what}: p99 late, croner`, value: median(theirs), unit: 'ms' },
    { what: `${what}: to croner`, value: ratio, unit: '×', aim },
    { what: `${what}: earliest`, value: earliest, unit: 'ms', aim: '≥ 0' },
  ];
}

/**
 * Single jobs a minute ahead. Both sides, and all rounds, wait side by side in the same minutes, at
 * instants that lie apart, so that each is called alone.
 */
async function single(rounds: number, samples: number): Promise<BenchRow[]> {
  const base = nextSecond(60_000);
  const waits = Array.from({ length: rounds }, async (_, round) => {
    const ours: Promise<Lateness>[] = [];
    const theirs: Promise<Lateness>[] = [];
    for (let n = 0; n < samples; n++) {
      const at = base + (n * rounds + round) * 2 * apartMs;
      const [first, second] = n % 2 === 0 ? [at, at + apartMs] : [at + apartMs, at];
      ours.push(jobsdLateness([first]));
      theirs.push(cronerLateness([second]));
    }
    return { ours: (await Promise.all(ours)).flat(), theirs: (await Promise.all(theirs)).flat() };
  });
  const late = await Promise.all(waits);
  const ours = late.map((round) => p99(round.ours));
  const theirs = late.map((round) => p99(round.theirs));
  const ratio = median(late.map((round) => p99(round.ours) / p99(round.theirs)));
  const earliest = Math.min(...late.flatMap((round) => round.ours));
  const what = 'one job 60 s ahead';
  return [
    { what: `${what}: p99 late`, value: median(ours), unit: 'ms' },
    { what: `${what}: p99 late, croner`, value: median(theirs), unit: 'ms' },
    { what: `${what}: to croner`, value: ratio, unit: '×', aim: '≤ 0.6' },
    { what: `${what}: earliest`, value: earliest, unit: 'ms', aim: '≥ 0' },
  ];
}

export async function punctuality(rounds = 7, samples = 100): Promise<BenchRow[]> {
  return [
    ...(await burst(1000, rounds, 1500)),
    ...(await burst(10_000, rounds, 6000)),
    ...(await single(rounds, samples)),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await punctuality()));
}
