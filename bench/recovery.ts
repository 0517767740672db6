import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Change } from '../src/backend/backend.ts';
import { openSqliteBackend } from '../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../src/clock/system-clock.ts';
import { occurrenceId } from '../src/dispatch/run-id.ts';
import { connectControl } from '../src/http/control-client.ts';
import { controlSocketPath } from '../src/http/control-socket-path.ts';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';

const jobCount = 1000;
const unfinishedRuns = 200;
const repository = join(import.meta.dirname, '..');

/** The built daemon, killed among running and waiting runs: how long until it is at work again. */
export async function recovery(
  options: { rounds?: number; histories?: readonly number[] } = {},
): Promise<BenchRow[]> {
  const { rounds = 7, histories = [100_000, 1_000_000] } = options;
  const root = makeProject();
  try {
    const rows: BenchRow[] = [];
    let kept = 0;
    for (const history of histories) {
      await writeHistory(root, kept, history);
      kept = history;
      const starts = await killAndStart(root, rounds);
      const what = `${jobCount} jobs, ${unfinishedRuns} runs under way, ${history} records`;
      const ready = median(starts.map(({ readyMs }) => readyMs));
      const fired = median(starts.map(({ firedMs }) => firedMs));
      rows.push({ what: `${what}: start to ready`, value: ready, unit: 'ms' });
      const fire = `${what}: start to first on-time fire of a job of each second`;
      rows.push({ what: fire, value: fired, unit: 'ms', aim: '≤ 2000' });
    }
    return rows;
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Start {
  readonly readyMs: number;
  readonly firedMs: number;
}

async function killAndStart(root: string, rounds: number): Promise<Start[]> {
  const starts: Start[] = [];
  // The first life makes the runs that the others find.
  for (let round = 0; round <= rounds; round += 1) {
    const life = startLife(root);
    const start = await life.start();
    if (round > 0) starts.push(start);
    await fillUp(root);
    await life.kill();
    // Any part of a second is as likely as another for the next start.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
  }
  return starts;
}

/** One process, from its start to its kill. */
function startLife(root: string) {
  const begunMs = performance.now();
  const argv = [
    join(root, 'dist/main.js'),
    'start',
    '--log-format',
    'json',
    '--log-level',
    'debug',
  ];
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  return {
    async start(): Promise<Start> {
      const [readyMs, firedMs] = await Promise.all([
        untilLine(lines, child, (event) => event.event === 'daemon-started'),
        untilLine(
          lines,
          child,
          ({ event, job, trigger }) =>
            event === 'run-started' && job === 'beat' && trigger === 'schedule',
        ),
      ]);
      return { readyMs: readyMs - begunMs, firedMs: firedMs - begunMs };
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** When the daemon wrote the first line like this. */
function untilLine(
  lines: Interface,
  child: ChildProcess,
  isIt: (event: Record<string, unknown>) => boolean,
): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the daemon ended')));
    const look = (line: string): void => {
      if (!isIt(JSON.parse(line))) return;
      lines.off('line', look);
      resolve(performance.now());
    };
    lines.on('line', look);
  });
}

/** Asks for runs that do not end until enough of them run or wait. */
async function fillUp(root: string): Promise<void> {
  const control = connectControl(controlSocketPath(join(root, '.jobsd/state.db')));
  const { running, waiting } = await control.status();
  const missing = Math.max(unfinishedRuns - running - waiting, 0);
  await Promise.all(Array.from({ length: missing }, () => control.runJob('wait', {})));
}

function makeProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'jobsd-bench-'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  cpSync(join(repository, 'package.json'), join(root, 'package.json'));
  execFileSync(process.execPath, ['build.ts', join(root, 'dist')], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  cpSync(join(import.meta.dirname, 'host-services'), join(root, 'services'), { recursive: true });
  writeFileSync(
    join(root, 'services/wait.ts'),
    `import { setTimeout } from 'node:timers/promises';
     import { Service } from 'jobsd';
     export default class Wait extends Service {
       async handle() { await setTimeout(3_600_000, undefined, { signal: this.signal }); }
     }`,
  );
  mkdirSync(join(root, 'jobs.d'));
  writeFileSync(join(root, 'jobs.d/jobs.yaml'), jobsFile());
  return root;
}

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'];

function jobsFile(): string {
  const jobs = [
    '  beat: { type: interval, every: 1s, service: jobsd.ping }',
    '  wait: { type: manual, service: wait }',
  ];
  for (let n = jobs.length; n < jobCount; n += 1) {
    const service = n % 2 === 0 ? 'jobsd.ping' : 'noop';
    const cron = `"${n % 60} ${n % 24} * * ${n % 7}"`;
    const schedule =
      n % 3 === 0
        ? `type: interval, every: ${1 + (n % 47)}h`
        : `type: cron, cron: ${cron}, timezone: ${zones[n % zones.length]}`;
    jobs.push(`  ${name(n)}: { ${schedule}, service: ${service} }`);
  }
  return `version: 1
daemon: { hosts: { count: 2, concurrency: 50 } }
services:
  noop: { module: services/noop.ts }
  wait: { module: services/wait.ts }
jobs:
${jobs.join('\n')}
`;
}

const name = (n: number) => `job-${n}`;

/** Records of finished runs, up to `count` of them. */
async function writeHistory(root: string, from: number, count: number): Promise<void> {
  mkdirSync(join(root, '.jobsd'), { recursive: true });
  const path = join(root, '.jobsd/state.db');
  const backend = await openSqliteBackend({ path, clock: systemClock });
  const firstAt = Date.now() - 20 * 86_400_000;
  const perCommit = 4000;
  for (let n = from; n < count; n += perCommit) {
    const changes = Array.from({ length: Math.min(perCommit, count - n) }, (_, k) =>
      aFinishedRun(n + k, firstAt),
    );
    await backend.commit(changes);
  }
  await backend.close();
}

function aFinishedRun(n: number, firstAt: number): Change {
  const job = name(2 + (n % (jobCount - 2)));
  const nominalAt = firstAt + Math.floor(n / (jobCount - 2)) * 1000;
  return {
    kind: 'record',
    run: {
      id: occurrenceId(job, nominalAt),
      job,
      service: 'noop',
      trigger: 'schedule',
      state: n % 100 === 0 ? 'failed' : 'succeeded',
      attempt: 1,
      nominalAt,
      plannedAt: nominalAt,
      startedAt: nominalAt + 3,
      endedAt: nominalAt + 12,
      host: 'host-1',
      revision: 'r',
      result: '{"copied":17}',
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await recovery()));
}
