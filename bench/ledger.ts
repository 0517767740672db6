import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import type { Backend, Change, RunQuery } from '../src/backend/backend.ts';
import { openSqliteBackend } from '../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../src/clock/system-clock.ts';
import { occurrenceId } from '../src/dispatch/run-id.ts';
import { type BenchRow, benchTable } from './bench-table.ts';

const jobCount = 1000;
const firstNominal = Date.UTC(2026, 10, 20);

/**
 * Durable no-op runs a second (one record, one update, a share of a job state), in groups of several
 * sizes and beside the plainest way to do it; then the latency of pages over `historyRuns` runs.
 */
export async function benchLedger(
  options: { runs?: number; historyRuns?: number } = {},
): Promise<BenchRow[]> {
  const { runs = 200_000, historyRuns = 1_000_000 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'jobsd-bench-'));
  try {
    const rows = plainInserts(join(folder, 'plain.db'));
    for (const group of [1, 10, 100, 1000, 4000]) {
      const count = Math.min(runs, group * 1500);
      rows.push(...(await runsPerSecond(join(folder, `group-${group}.db`), count, group)));
    }
    rows.push(...(await latency(join(folder, 'paced.db'), 10_000, 5)));
    rows.push(...(await pages(join(folder, 'history.db'), historyRuns)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One transaction for each row, as a scheduler without group commit does it. */
function plainInserts(path: string): BenchRow[] {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec(
    'CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT, started_at INTEGER, ended_at INTEGER)',
  );
  const insert = db.prepare('INSERT INTO runs VALUES (?, ?, ?, NULL)');
  const update = db.prepare('UPDATE runs SET state = ?, ended_at = ? WHERE id = ?');
  const count = 2000;
  const started = performance.now();
  for (let index = 0; index < count; index += 1) {
    insert.run(`job-${index}`, 'running', index);
    update.run('succeeded', index, `job-${index}`);
  }
  const value = (count / (performance.now() - started)) * 1000;
  db.close();
  return [{ what: 'plain SQLite, one row at a time', value, unit: 'runs/s' }];
}

async function runsPerSecond(path: string, count: number, group: number): Promise<BenchRow[]> {
  const backend = await openSqliteBackend({ path, clock: systemClock });
  await writeRuns(backend, 0, Math.min(count, group), group);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const sent = { longestMs: 0 };
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await writeRuns(backend, group, count, group, sent);
  const value = (count / (performance.now() - started)) * 1000;
  delay.disable();
  const cpu = process.cpuUsage(cpuBefore);
  await backend.close();
  const label = `sqlite, groups of ${group}`;
  return [
    { what: label, value, unit: 'runs/s' },
    { what: `${label}: CPU, all threads`, value: (cpu.user + cpu.system) / count, unit: 'µs/run' },
    { what: `${label}: longest call of commit`, value: sent.longestMs, unit: 'ms' },
    { what: `${label}: event loop p99.9`, value: delay.percentile(99.9) / 1e6, unit: 'ms' },
  ];
}

/** As the daemon does: starts of one group and ends of an earlier one in a commit, two under way. */
async function writeRuns(
  backend: Backend,
  first: number,
  count: number,
  group: number,
  sent = { longestMs: 0 },
): Promise<void> {
  const underWay: Promise<unknown>[] = [];
  for (let index = 0; index < count + 2 * group; index += group) {
    const starts = index < count ? startsOf(first + index, group) : [];
    const ends = index >= 2 * group ? endsOf(first + index - 2 * group, group) : [];
    const changes = [...ends, ...starts];
    const before = performance.now();
    underWay.push(backend.commit(changes));
    sent.longestMs = Math.max(sent.longestMs, performance.now() - before);
    if (underWay.length === 2) await underWay.shift();
  }
  await Promise.all(underWay);
}

function startsOf(first: number, group: number): Change[] {
  const changes: Change[] = [];
  const at = instantOf(first);
  for (let index = first; index < first + group; index += 1) {
    const nominalAt = instantOf(index);
    const job = jobOf(index);
    changes.push({
      kind: 'record',
      run: {
        id: occurrenceId(job, nominalAt),
        job,
        service: 'jobsd.ping',
        trigger: 'schedule',
        state: 'running',
        attempt: 1,
        nominalAt,
        plannedAt: nominalAt,
        startedAt: nominalAt + 3,
        host: 'inline',
        revision: 'f2a6d1c0b4e8',
        definition: `d-${job}`,
      },
    });
  }
  for (let index = first; index < first + Math.min(group, jobCount); index += 1) {
    changes.push({
      kind: 'job-state',
      state: {
        job: jobOf(index),
        scheduleKey: 'interval|1s',
        anchorAt: firstNominal,
        cursorAt: at,
        occurrences: index,
      },
    });
  }
  return changes;
}

function endsOf(first: number, group: number): Change[] {
  return Array.from({ length: group }, (_, offset) => {
    const nominalAt = instantOf(first + offset);
    return {
      kind: 'update',
      id: occurrenceId(jobOf(first + offset), nominalAt),
      ifAttempt: 1,
      fields: {
        state: (first + offset) % 500 === 0 ? 'failed' : 'succeeded',
        endedAt: nominalAt + 5,
      },
    };
  });
}

function instantOf(index: number): number {
  return firstNominal + Math.floor(index / jobCount) * 1000;
}

function jobOf(index: number): string {
  return `team-${index % 7}/job-${index % jobCount}`;
}

/** From the call to durable, while so many runs a second start and end, in steps of 2 ms. */
async function latency(path: string, perSecond: number, seconds: number): Promise<BenchRow[]> {
  const backend = await openSqliteBackend({ path, clock: systemClock });
  const group = Math.round(perSecond / 500);
  const timesMs: number[] = [];
  const underWay: Promise<void>[] = [];
  const commit = async (changes: readonly Change[]): Promise<void> => {
    const before = performance.now();
    await backend.commit(changes);
    timesMs.push(performance.now() - before);
  };
  const started = performance.now();
  for (let step = 0; step < seconds * 500; step += 1) {
    const wait = started + step * 2 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const ends = step === 0 ? [] : endsOf((step - 1) * group, group);
    underWay.push(commit([...ends, ...startsOf(step * group, group)]));
  }
  await Promise.all(underWay);
  await backend.close();
  timesMs.sort((a, b) => a - b);
  return [50, 99].map((percent) => ({
    what: `durable after, at ${perSecond} runs/s, p${percent}`,
    value: timesMs[Math.floor((timesMs.length * percent) / 100)] ?? 0,
    unit: 'ms',
  }));
}

async function pages(path: string, historyRuns: number): Promise<BenchRow[]> {
  const backend = await openSqliteBackend({ path, clock: systemClock });
  await writeRuns(backend, 0, historyRuns, 4000);
  const rows: BenchRow[] = [];
  const time = async (what: string, work: () => Promise<unknown>, aim = '') => {
    const started = performance.now();
    await work();
    const value = performance.now() - started;
    rows.push({ what: `${what} of ${historyRuns}`, value, unit: 'ms', aim });
  };
  const aim = '≤ 100';
  const deep = String(Math.floor(historyRuns / 50));
  const page = (query: Partial<RunQuery>) => () => backend.runs({ limit: 1000, ...query });
  // The thread that reads is started by the first question of a daemon's life; from source that
  // takes twice as long as from the built program.
  await time('newest 1000, thread started for it', page({}));
  await time('newest 1000', page({}), aim);
  await time('oldest 1000', page({ after: deep }), aim);
  await time('1000 of one job', page({ job: jobOf(1) }), aim);
  await time('1000 failed', page({ states: ['failed'] }), aim);
  await time('1000 failed, from the old end', page({ states: ['failed'], after: deep }), aim);
  await time('one job, failed', page({ job: jobOf(1), states: ['failed'] }), aim);
  await time('one job, lost (there is none)', page({ job: jobOf(1), states: ['lost'] }), aim);
  await time('succeeded or failed', page({ states: ['succeeded', 'failed'] }), aim);
  await time('latest of each job', () => backend.latestRuns());
  await time('unfinished', () => backend.unfinishedRuns());
  const prune = { before: 0, keep: 100_000, limit: 1000 };
  await time('prune with nothing to do', () => backend.prune(prune));
  await time('prune 1000 old', () => backend.prune({ ...prune, before: instantOf(5000) }));
  await time('close', () => backend.close());
  rows.push({ what: `state file of ${historyRuns}`, value: statSync(path).size / 1e6, unit: 'MB' });
  const started = performance.now();
  await (await openSqliteBackend({ path, clock: systemClock })).close();
  rows.push({
    what: `open and close, ${historyRuns}`,
    value: performance.now() - started,
    unit: 'ms',
  });
  return rows;
}

if (import.meta.main) process.stdout.write(benchTable(await benchLedger()));
