import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../src/clock/system-clock.ts';
import { Scheduler } from '../src/daemon/scheduler.ts';
import { aJob } from '../tests/support/daemon-harness.ts';
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
  const dueAt = Math.ceil((Date.now() + 4000) / 1000) * 1000;
  const at = new Date(dueAt).toISOString();
  const jobs = Array.from({ length: count }, (_, n) =>
    aJob({ name: `job-${n}`, service, schedule: { type: 'one-time', at } }),
  );
  let ended = 0;
  let lastStartMs = 0;
  const all = Promise.withResolvers<void>();
  const bench = await openBenchEngine({
    jobs,
    hosts: service === 'noop',
    events: {
      started(run) {
        if (run.job === undefined) return;
        lastStartMs = performance.timeOrigin + performance.now() - dueAt;
      },
      ended(run) {
        if (run.job === undefined) return;
        ended += 1;
        if (ended === count) all.resolve();
      },
    },
  });
  await warmUp(bench, service);
  const { journal, dispatcher, tickets } = bench.engine;
  const scheduler = new Scheduler({
    clock: systemClock,
    journal,
    dispatcher,
    tickets,
    events: { clockJumped() {}, stretch() {} },
  });
  scheduler.start(bench.engine.snapshot, []);
  await journal.idle();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  setTimeout(() => delay.enable(), dueAt - Date.now() - 100);
  await all.promise;
  delay.disable();
  scheduler.stop();
  await bench.close();
  return { lastStartMs, longestBlockMs: delay.max / 1e6 };
}

/** A daemon that has been at work: its code is compiled, and its hosts have loaded the service. */
async function warmUp(bench: BenchEngine, service: string): Promise<void> {
  const runs = await Promise.all(
    Array.from({ length: 3000 }, () => bench.engine.invoke(service, { trigger: 'manual' })),
  );
  for (const { id } of runs) await bench.engine.waitForEnd(id, 10_000);
}

/** From a run's end to its record being durable, at a steady rate. */
async function settleLatency(perSecond: number, seconds: number): Promise<number> {
  const job = aJob({ service: 'jobsd.ping', schedule: { type: 'manual' } });
  const lateMs: number[] = [];
  const bench = await openBenchEngine({
    jobs: [job],
    hosts: false,
    events: {
      ended(run) {
        if (run.job !== undefined) lateMs.push(Date.now() - (run.endedAt ?? 0));
      },
    },
  });
  await warmUp(bench, 'jobsd.ping');
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
