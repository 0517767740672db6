import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../src/backend/backend.ts';
import { openSqliteBackend } from '../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../src/clock/system-clock.ts';
import { isBuiltInService } from '../src/config/built-in-services.ts';
import type { JobDefinition, Snapshot } from '../src/config/snapshot.ts';
import { Engine } from '../src/daemon/engine.ts';
import { createExecutors } from '../src/daemon/executors.ts';
import { emptyStep } from '../src/daemon/step.ts';
import { mostOfOne } from '../src/dispatch/backlog.ts';
import type { RunRecord } from '../src/dispatch/run.ts';
import { aSnapshot } from '../tests/support/daemon-harness.ts';

/** The daemon's own engine on a state file of its own, without files, clockwork and door. */
export interface BenchEngine {
  readonly engine: Engine;
  readonly backend: Backend;
  close(): Promise<void>;
}

export interface BenchEngineEvents {
  started?(run: RunRecord, host: string): void;
  /** The end is durable. */
  ended?(run: RunRecord): void;
}

const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };

/** `hosts` starts two service hosts with the services of `bench/host-services`. */
export async function openBenchEngine(options: {
  readonly jobs: readonly JobDefinition[];
  readonly hosts: boolean;
  readonly events: BenchEngineEvents;
}): Promise<BenchEngine> {
  const root = makeProject();
  const snapshot = benchSnapshot(options.jobs);
  const backend = await openSqliteBackend({ path: join(root, 'state.db'), clock: systemClock });
  const executors = createExecutors({
    root,
    clock: systemClock,
    backend,
    redact: (text) => text,
    engine: () => engine,
  });
  const engine: Engine = new Engine(snapshot, {
    clock: systemClock,
    random: Math.random,
    backend,
    executor: executors.executor,
    isBuiltIn: isBuiltInService,
    events: {
      started: options.events.started ?? (() => {}),
      ended: options.events.ended ?? (() => {}),
      retrying() {},
      troubled(error) {
        throw error;
      },
      recovered() {},
    },
  });
  if (options.hosts) {
    const modules = { files: [], hash: '', hashes: new Map<string, string>() };
    await executors.use({
      snapshot,
      endpoints: new Map(),
      secrets: [],
      secretFiles: [],
      modules,
      warnings: [],
    });
  }
  return {
    engine,
    backend,
    async close() {
      await executors.executor.close(1000);
      await engine.journal.idle();
      engine.journal.close();
      await backend.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Offers occurrences of a job as the scheduler does: so many in a turn of the event loop. Each
 * `series` has nominal times of its own.
 */
export async function offerOccurrences(
  { engine }: BenchEngine,
  job: JobDefinition,
  count: number,
  perTurn = 500,
  series = 0,
): Promise<void> {
  const keyed = engine.tickets.keyed(job);
  for (let offered = 0; offered < count; offered += perTurn) {
    const step = emptyStep();
    engine.tickets.store(keyed, step.changes);
    for (let n = offered; n < Math.min(offered + perTurn, count); n++) {
      const at = 1_800_000_000_000 + (series * count + n) * 1000;
      const occurrence = { nominalAt: at, plannedAt: at, trigger: 'schedule', number: n } as const;
      engine.dispatcher.offer(engine.tickets.ofOccurrence(job, keyed, occurrence), step);
    }
    engine.dispatcher.commit(step);
    // Of one job so many may wait, and no more: what comes too fast for the hosts would be skipped.
    do await new Promise((resolve) => setImmediate(resolve));
    while (engine.dispatcher.occupancy.situation(job.name).waiting > mostOfOne / 2);
  }
}

function benchSnapshot(jobs: readonly JobDefinition[]): Snapshot {
  const base = aSnapshot(jobs);
  const module = 'services/noop.ts';
  const noop = { name: 'noop', module, export: 'default', place };
  return {
    ...base,
    daemon: { ...base.daemon, hosts: 2, hostConcurrency: 500, hostMaxRuns: 10_000_000 },
    services: new Map([['noop', noop]]),
  };
}

function makeProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'jobsd-bench-'));
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '..'), join(root, 'node_modules/jobsd'));
  cpSync(join(import.meta.dirname, 'host-services'), join(root, 'services'), { recursive: true });
  return root;
}
