/**
 * What the pool of service hosts can do: no-op runs a second through two hosts, and how late 100
 * jobs a second begin beside services that spin for 2 s every 5 s.
 *
 *   node bench/host-throughput.ts [seconds of each lateness row, default 60]
 */
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/clock/system-clock.ts';
import type { ServiceDefinition } from '../src/config/snapshot.ts';
import type { RunEnd } from '../src/host/executor.ts';
import { type HostPool, openHostPool } from '../src/host/host-pool.ts';
import { type BenchRow, benchTable } from './bench-table.ts';

const seconds = Number(process.argv[2] ?? 60);
const jobsPerSecond = 100;
const spinEveryMs = 5000;
let spinCount = 0;

const root = await makeProject();
try {
  const rates: number[] = [];
  for (let round = 0; round < 5; round += 1) rates.push(await noOpRate(200_000));
  const rows: BenchRow[] = [
    { what: 'no-op runs through two hosts', value: median(rates), unit: '/s' },
  ];
  for (const [spinners, aim] of [
    [0, ''],
    [1, '≤ 14'],
    [2, '≤ 100'],
  ] as const) {
    rows.push(...(await latenessRows(spinners, aim)));
  }
  process.stdout.write(benchTable(rows));
} finally {
  await rm(root, { recursive: true, force: true });
}

async function noOpRate(total: number): Promise<number> {
  let started = 0;
  let ended = 0;
  const done = Promise.withResolvers<void>();
  const pool: HostPool = await openPool((ends) => {
    ended += ends.filter((end) => end.outcome === 'succeeded').length;
    if (ended === total) done.resolve();
    startMore();
  });
  const startMore = (): void => {
    for (; started < total && pool.hasRoom('noop'); started += 1) start(pool, 'noop', started);
  };
  const beganAt = performance.now();
  startMore();
  await done.promise;
  const tookMs = performance.now() - beganAt;
  await pool.close(1000);
  return Math.round((total / tookMs) * 1000);
}

/** Jobs are started on a fixed grid; a service answers with the instant at which it began. */
async function latenessRows(spinners: number, aim: string): Promise<BenchRow[]> {
  const plannedAt = new Map<string, number>();
  const latenessMs: number[] = [];
  const pool = await openPool((ends) => {
    for (const end of ends) {
      const planned = plannedAt.get(end.id);
      if (planned !== undefined) latenessMs.push(Number(end.result) - planned);
    }
  });
  // A daemon that has just started would measure its own start.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const beganAt = now();
  const spins = setInterval(() => spin(pool, spinners), spinEveryMs);
  spin(pool, spinners);
  await onGrid(beganAt, seconds * jobsPerSecond, (index, planned) => {
    plannedAt.set(start(pool, 'begin', index), planned);
  });
  clearInterval(spins);
  await pool.close(10_000);
  const kept = (latenessMs.length / (seconds * jobsPerSecond)) * 100;
  const what = `100 jobs a second beside ${spinners} that spin`;
  return [
    { what: `${what}: fires kept`, value: kept, unit: '%', aim: '100' },
    { what: `${what}: late, p50`, value: quantile(latenessMs, 0.5), unit: 'ms' },
    { what: `${what}: late, p99`, value: quantile(latenessMs, 0.99), unit: 'ms', aim },
    { what: `${what}: late, most`, value: quantile(latenessMs, 1), unit: 'ms' },
  ];
}

function spin(pool: HostPool, spinners: number): void {
  spinCount += 1;
  for (let which = 1; which <= spinners; which += 1) start(pool, `spin-${which}`, spinCount);
}

async function onGrid(beganAt: number, count: number, work: (index: number, at: number) => void) {
  const done = Promise.withResolvers<void>();
  let index = 0;
  const tick = (): void => {
    for (; index < count; index += 1) {
      const planned = beganAt + (index * 1000) / jobsPerSecond;
      if (planned > now()) break;
      work(index, planned);
    }
    if (index === count) return done.resolve();
    setTimeout(tick, Math.max(0, beganAt + (index * 1000) / jobsPerSecond - now()));
  };
  tick();
  await done.promise;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function start(pool: HostPool, service: string, index: number): string {
  const id = `${service}@bench-${index}`;
  pool.start({
    id,
    attempt: 1,
    service,
    cid: id,
    channel: 'scheduler',
    timeoutMs: 60_000,
    graceMs: 1000,
  });
  return id;
}

function openPool(ended: (ends: readonly RunEnd[]) => void): Promise<HostPool> {
  const names = ['noop', 'begin', 'spin-1', 'spin-2'];
  return openHostPool({
    root,
    services: new Map(names.map((name) => [name, definition(name)])),
    endpoints: new Map(),
    hosts: 2,
    hostConcurrency: 10,
    hostMemoryMb: 512,
    hostMaxRuns: 1_000_000,
    clock: systemClock,
    events: { ended, logged: () => {}, roomAgain: () => {} },
    keyValues: {
      get: async () => undefined,
      set: async () => {},
      delete: async () => false,
      keys: async () => [],
      increment: async (_, by) => by,
    },
    invoke: async () => undefined,
    redact: (text) => text,
    cacheDirectory: join(root, 'cache'),
  });
}

function definition(name: string): ServiceDefinition {
  const module = `${name.replace(/-.*/, '')}.ts`;
  const place = { file: 'bench', line: 1, column: 1, endColumn: 2 };
  return { name, module, export: 'default', place };
}

async function makeProject(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'jobsd-bench-'));
  await cp(fileURLToPath(new URL('./host-services', import.meta.url)), made, { recursive: true });
  await mkdir(join(made, 'node_modules'));
  await symlink(fileURLToPath(new URL('..', import.meta.url)), join(made, 'node_modules', 'jobsd'));
  return made;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
