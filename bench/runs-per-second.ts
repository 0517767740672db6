import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { openSqliteBackend } from '../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../src/clock/system-clock.ts';
import { isBuiltInService } from '../src/config/built-in-services.ts';
import { Engine } from '../src/daemon/engine.ts';
import { createExecutors } from '../src/daemon/executors.ts';
import { emptyStep } from '../src/daemon/step.ts';
import { aJob, aSnapshot } from '../tests/support/daemon-harness.ts';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

// The scheduler takes up so many jobs in one turn of the event loop.
const perTurn = 500;

/** No-op runs per second, end to end: before each run its row is on disk, after it its outcome. */
async function jobsdInline(runs: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'jobsd-bench-'));
  const backend = await openSqliteBackend({
    path: join(directory, 'state.db'),
    clock: systemClock,
  });
  let ended = 0;
  const all = Promise.withResolvers<void>();
  const executors = createExecutors({
    root: directory,
    clock: systemClock,
    backend,
    redact: (text) => text,
    engine: () => engine,
  });
  const job = aJob({ service: 'jobsd.ping', schedule: { type: 'manual' } });
  const engine: Engine = new Engine(aSnapshot([job]), {
    clock: systemClock,
    random: Math.random,
    backend,
    executor: executors.executor,
    isBuiltIn: isBuiltInService,
    events: {
      started() {},
      ended() {
        ended += 1;
        if (ended === runs) all.resolve();
      },
      retrying() {},
      troubled: all.reject,
      recovered() {},
    },
  });
  const keyed = engine.tickets.keyed(job);
  const startedMs = performance.now();
  for (let offered = 0; offered < runs; offered += perTurn) {
    const step = emptyStep();
    engine.tickets.store(keyed, step.changes);
    for (let n = offered; n < Math.min(offered + perTurn, runs); n++) {
      const at = 1_800_000_000_000 + n * 1000;
      const occurrence = { nominalAt: at, plannedAt: at, trigger: 'schedule', number: n } as const;
      engine.dispatcher.offer(engine.tickets.ofOccurrence(job, keyed, occurrence), step);
    }
    engine.dispatcher.commit(step);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all.promise;
  const seconds = (performance.now() - startedMs) / 1000;
  await backend.close();
  rmSync(directory, { recursive: true });
  return runs / seconds;
}

async function bullmq(redis: RedisServer, runs: number): Promise<number> {
  const connection = new Redis(redis.port, '127.0.0.1', { maxRetriesPerRequest: null });
  const name = `bench-${process.hrtime.bigint()}`;
  const queue = new Queue(name, { connection });
  let ended = 0;
  const all = Promise.withResolvers<void>();
  const worker = new Worker(name, async () => {}, { connection, concurrency: 100, autorun: false });
  worker.on('completed', () => {
    ended += 1;
    if (ended === runs) all.resolve();
  });
  await worker.waitUntilReady();
  const startedMs = performance.now();
  void worker.run();
  for (let added = 0; added < runs; added += perTurn) {
    await queue.addBulk(
      Array.from({ length: Math.min(perTurn, runs - added) }, () => ({ name: 'noop', data: {} })),
    );
  }
  await all.promise;
  const seconds = (performance.now() - startedMs) / 1000;
  await worker.close();
  await queue.close();
  connection.disconnect();
  return runs / seconds;
}

export async function runsPerSecond(rounds = 5, runs = 20_000): Promise<BenchRow[]> {
  const redis = await startRedis();
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const sides = [
        async () => ours.push(await jobsdInline(runs)),
        async () => theirs.push(await bullmq(redis, runs / 4)),
      ];
      // Who goes first changes with each round: a machine that warms up or slows down favours nobody.
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    }
  } finally {
    await redis.stop();
  }
  const ratios = ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN));
  return [
    {
      what: 'no-op runs, built-in inline, SQLite FULL',
      value: median(ours),
      unit: '/s',
      aim: '≥ 60 000',
    },
    { what: 'no-op runs, BullMQ, Redis AOF everysec', value: median(theirs), unit: '/s' },
    { what: 'jobsd to BullMQ, same rounds', value: median(ratios), unit: '×', aim: '≥ 2' },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await runsPerSecond()));
}
