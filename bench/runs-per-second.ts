import { pathToFileURL } from 'node:url';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { aJob } from '../tests/support/daemon-harness.ts';
import { type BenchEngine, offerOccurrences, openBenchEngine } from './bench-engine.ts';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** No-op runs per second, end to end: before each run its row is on disk, after it its outcome. */
export async function jobsdRuns(service: 'jobsd.ping' | 'noop', runs: number): Promise<number> {
  const job = aJob({ service, schedule: { type: 'manual' } });
  let ended = 0;
  const all = Promise.withResolvers<void>();
  const bench: BenchEngine = await openBenchEngine({
    jobs: [job],
    hosts: service === 'noop',
    events: {
      ended(run) {
        if (run.state !== 'succeeded') all.reject(new Error(`${run.state}: ${run.error?.message}`));
        ended += 1;
        if (ended === runs) all.resolve();
      },
    },
  });
  const startedMs = performance.now();
  await offerOccurrences(bench, job, runs);
  await all.promise;
  const seconds = (performance.now() - startedMs) / 1000;
  await bench.close();
  return runs / seconds;
}

async function bullmqRuns(redis: RedisServer, runs: number): Promise<number> {
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
  const perCall = 500;
  for (let added = 0; added < runs; added += perCall) {
    await queue.addBulk(
      Array.from({ length: Math.min(perCall, runs - added) }, () => ({ name: 'noop', data: {} })),
    );
  }
  await all.promise;
  const seconds = (performance.now() - startedMs) / 1000;
  await worker.close();
  await queue.close();
  connection.disconnect();
  return runs / seconds;
}

export async function runsPerSecond(rounds = 5, runs = 40_000): Promise<BenchRow[]> {
  const redis = await startRedis();
  const rates = { inline: [] as number[], hosts: [] as number[], bullmq: [] as number[] };
  const sides = [
    async () => rates.inline.push(await jobsdRuns('jobsd.ping', runs)),
    async () => rates.hosts.push(await jobsdRuns('noop', runs)),
    async () => rates.bullmq.push(await bullmqRuns(redis, runs / 4)),
  ];
  try {
    for (let round = 0; round < rounds; round++) {
      // Another one goes first each time: a machine that warms up or slows down favours nobody.
      for (let turn = 0; turn < sides.length; turn++)
        await sides[(round + turn) % sides.length]?.();
    }
  } finally {
    await redis.stop();
  }
  const ratios = rates.inline.map((rate, round) => rate / (rates.bullmq[round] ?? Number.NaN));
  const unit = '/s';
  return [
    {
      what: 'durable no-op runs, built-in inline',
      value: median(rates.inline),
      unit,
      aim: '≥ 60 000',
    },
    { what: 'durable no-op runs, two hosts', value: median(rates.hosts), unit, aim: '≥ 15 000' },
    { what: 'no-op runs, BullMQ, Redis AOF everysec', value: median(rates.bullmq), unit },
    { what: 'inline to BullMQ, same rounds', value: median(ratios), unit: '×', aim: '≥ 2' },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await runsPerSecond()));
}
