import { pathToFileURL } from 'node:url';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { jobsdRuns } from './runs-per-second.ts';

// What its own documentation recommends for throughput: a local queue, completions in batches.
const logger = new Logger(() => () => {});
const preset = {
  worker: {
    concurrentJobs: 24,
    maxPoolSize: 26,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};

/** Its processing rate: jobs that are in the table already, from the start of the worker to the last. */
async function graphileRuns(server: PostgresServer, jobs: number): Promise<number> {
  const { connectionString } = server;
  const tools = await makeWorkerUtils({ connectionString, logger });
  await tools.migrate();
  await tools.addJobs(Array.from({ length: jobs }, () => ({ identifier: 'noop', payload: {} })));
  await tools.release();
  let ended = 0;
  const all = Promise.withResolvers<void>();
  const startedMs = performance.now();
  const runner = await run({
    connectionString,
    logger,
    preset,
    taskList: {
      noop: () => {
        ended += 1;
        if (ended === jobs) all.resolve();
      },
    },
  });
  await all.promise;
  const seconds = (performance.now() - startedMs) / 1000;
  await runner.stop();
  return jobs / seconds;
}

export async function besideGraphile(rounds = 3, runs = 40_000): Promise<BenchRow[]> {
  const server = await startPostgres();
  const ours: number[] = [];
  const theirs: number[] = [];
  const sides = [
    async () => ours.push(await jobsdRuns('jobsd.ping', runs)),
    async () => theirs.push(await graphileRuns(server, runs / 2)),
  ];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
    }
  } finally {
    await server.stop();
  }
  const ratio = median(ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)));
  return [
    {
      what: 'no-op runs, graphile-worker, local queue 500, PostgreSQL',
      value: median(theirs),
      unit: '/s',
    },
    { what: 'inline to graphile-worker, same rounds', value: ratio, unit: '×', aim: '≥ 1' },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await besideGraphile()));
}
