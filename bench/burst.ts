import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../src/clock/system-clock.ts';
import type { Snapshot } from '../src/config/snapshot.ts';
import { Scheduler } from '../src/daemon/scheduler.ts';
import { aJob, aSnapshot } from '../tests/support/daemon-harness.ts';
import { type BenchEngine, offerOccurrences, openBenchEngine } from './bench-engine.ts';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';

interface Burst {
  /** From the due instant to the start of the last run. */
  readonly lastStartMs: number;
  readonly longestBlockMs: number;
}

/** Many jobs due at one instant, from the timetable through the ledger to their start. */
async function burst(service: 'jobsd.ping' | 'noop', count: number): Promise<Burst> {
  const counted = new EndCounter();
  let dueAt = Number.POSITIVE_INFINITY;
  let lastStartMs = 0;
  const bench = await openBenchEngine({
    jobs: [],
    hosts: service === 'noop',
    events: {
      started() {
        lastStartMs = performance.timeOrigin + performance.now() - dueAt;
      },
      ended: () => counted.add(),
    },
  });
  await warmUp(bench, service, counted);
  dueAt = Math.ceil((Date.now() + 3000) / 1000) * 1000;
  const scheduler = startScheduler(bench, aBurst(service, count, dueAt));
  await bench.engine.journal.idle();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  setTimeout(() => delay.enable(), Math.max(dueAt - Date.now() - 100, 1));
  await counted.reaches(count);
  delay.disable();
  scheduler.stop();
  await bench.close();
  return { lastStartMs, longestBlockMs: delay.max / 1e6 };
}

function aBurst(service: string, count: number, dueAt: number): Snapshot {
  const at = new Date(dueAt).toISOString();
  const schedule = { type: 'one-time', at } as const;
  return aSnapshot(
    Array.from({ length: count }, (_, n) => aJob({ name: `job-${n}`, service, schedule })),
  );
}

function startScheduler({ engine }: BenchEngine, snapshot: Snapshot): Scheduler {
  const { journal, dispatcher, tickets } = engine;
  const events = { clockJumped() {}, stretch() {} };
  const scheduler = new Scheduler({ clock: systemClock, journal, dispatcher, tickets, events });
  scheduler.start(snapshot, []);
  return scheduler;
}

/** Counts ends, and tells when there have been so many more. */
class EndCounter {
  private missing = 0;
  private resolve: () => void = () => {};

  add(): void {
    this.missing -= 1;
    if (this.missing === 0) this.resolve();
  }

  reaches(count: number): Promise<void> {
    this.missing += count;
    if (this.missing <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }
}

/** A daemon that has been at work: its code is compiled, and its hosts have loaded the service. */
async function warmUp(bench: BenchEngine, service: string, counted: EndCounter): Promise<void> {
  const job = aJob({ name: 'warm-up', service, schedule: { type: 'manual' } });
  const runs = 5000;
  const all = counted.reaches(runs);
  await offerOccurrences(bench, job, runs);
  await all;
}

/** From a run's end to its record being durable, at a steady rate. */
async function settleLatency(perSecond: number, seconds: number): Promise<number> {
  const job = aJob({ service: 'jobsd.ping', schedule: { type: 'manual' } });
  const lateMs: number[] = [];
  const counted = new EndCounter();
  const bench = await openBenchEngine({
    jobs: [job],
    hosts: false,
    events: {
      ended(run) {
        lateMs.push(Date.now() - (run.endedAt ?? 0));
        counted.add();
      },
    },
  });
  await warmUp(bench, 'jobsd.ping', counted);
  lateMs.length = 0;
  const everyMs = 5;
  for (let turn = 0; turn < (seconds * 1000) / everyMs; turn++) {
    const dueMs = performance.now() + everyMs;
    await offerOccurrences(bench, job, (perSecond * everyMs) / 1000, 500, turn);
    await new Promise((resolve) => setTimeout(resolve, Math.max(dueMs - performance.now(), 0)));
  }
  await bench.engine.journal.idle();
  await bench.close();
  return lateMs.sort((a, b) => a - b)[Math.floor(lateMs.length * 0.99)] ?? Number.NaN;
}

export async function bursts(rounds = 5, count = 10_000): Promise<BenchRow[]> {
  const inline: Burst[] = [];
  const hosts: Burst[] = [];
  for (let round = 0; round < rounds; round++) {
    inline.push(await burst('jobsd.ping', count));
    hosts.push(await burst('noop', count));
  }
  const what = `${count} jobs due at one instant`;
  const last = (runs: readonly Burst[]) => median(runs.map((run) => run.lastStartMs));
  const block = (runs: readonly Burst[]) => median(runs.map((run) => run.longestBlockMs));
  return [
    { what: `${what}: all built-ins started`, value: last(inline), unit: 'ms', aim: '≤ 100' },
    { what: `${what}: longest block`, value: block(inline), unit: 'ms', aim: '≤ 20' },
    { what: `${what}: all started in two hosts`, value: last(hosts), unit: 'ms', aim: '≤ 1000' },
    { what: `${what}: longest block, hosts`, value: block(hosts), unit: 'ms', aim: '≤ 20' },
    {
      what: 'end to durable record at 10 000/s, p99',
      value: await settleLatency(10_000, 5),
      unit: 'ms',
      aim: '≤ 10',
    },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await bursts()));
}
