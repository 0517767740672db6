import type { Backend } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { diffSnapshots } from '../../src/config/diff-snapshots.ts';
import type { JobDefinition, Snapshot } from '../../src/config/snapshot.ts';
import { Engine } from '../../src/daemon/engine.ts';
import { putInForce } from '../../src/daemon/put-in-force.ts';
import { recover } from '../../src/daemon/recover.ts';
import { Scheduler } from '../../src/daemon/scheduler.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import type { Executor, RunEnd, RunRequest } from '../../src/host/executor.ts';
import { compileSchedule } from '../../src/schedule/compile-schedule.ts';
import type { ScheduleDeclaration } from '../../src/schedule/schedule.ts';
import { VirtualClock } from './virtual-clock.ts';

export type JobSpec = Partial<Omit<JobDefinition, 'schedule'>> & {
  name?: string;
  schedule: ScheduleDeclaration;
};

/** A job with every default, and what a test cares about. */
export function aJob(spec: JobSpec): JobDefinition {
  const name = spec.name ?? 'job';
  const compiled = compileSchedule(spec.schedule, { jobName: name, timezone: 'UTC' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return {
    service: 'service',
    extra: null,
    enabled: true,
    labels: {},
    timeoutMs: 3_600_000,
    graceMs: 5_000,
    retry: { attempts: 1, delayMs: 10_000, backoff: 'constant', maxDelayMs: 600_000, onLost: true },
    overlap: 'allow',
    catchUp: { mode: 'latest', limit: 100 },
    jitterMs: 0,
    priority: 0,
    on: {},
    place: { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 },
    ...spec,
    name,
    schedule: compiled.schedule,
  };
}

export function aSnapshot(jobs: readonly JobDefinition[], hostCapacity = 1_000_000): Snapshot {
  return {
    revision: JSON.stringify(jobs.map((job) => [job.name, job.schedule.key, job.enabled])),
    daemon: {
      statePath: 'state.db',
      drainTimeoutMs: 30_000,
      hosts: 1,
      hostConcurrency: hostCapacity,
      hostMemoryMb: 512,
      hostMaxRuns: 10_000,
      retentionDays: 30,
      retentionRuns: 1000,
    },
    endpoints: new Map(),
    services: new Map(),
    jobs: new Map(jobs.map((job) => [job.name, job])),
    groups: new Map(),
    calendars: new Map(),
  };
}

/** Carries out attempts as a test says: each takes `runsForMs` and ends as `outcome`. */
export class TestExecutor implements Executor {
  readonly started: RunRequest[] = [];
  readonly underWay = new Map<string, RunRequest>();
  runsForMs: number | undefined = 0;
  outcome: RunEnd['outcome'] = 'succeeded';
  onEnded: (ends: readonly RunEnd[]) => void = () => {};
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  hasRoom(): boolean {
    return true;
  }

  start(request: RunRequest): string {
    this.started.push(request);
    this.underWay.set(request.id, request);
    const { outcome } = this;
    if (this.runsForMs !== undefined) {
      this.clock.after(this.runsForMs, () => this.end(request.id, { outcome }));
    }
    return 'test-host';
  }

  end(id: string, end: Partial<RunEnd> = {}): void {
    const request = this.underWay.get(id);
    if (!request) return;
    this.underWay.delete(id);
    this.onEnded([{ id, attempt: request.attempt, outcome: 'succeeded', ...end }]);
  }

  cancel(id: string): void {
    this.end(id, { outcome: 'cancelled' });
  }

  async close(): Promise<void> {}
}

export interface HarnessOptions {
  readonly now: string;
  readonly jobs: readonly JobDefinition[];
  readonly backend?: Backend;
  readonly clock?: VirtualClock;
  readonly prepare?: (executor: TestExecutor) => void;
  readonly hostCapacity?: number;
  readonly snapshot?: Partial<Snapshot>;
}

/** The same numbers in each test: a linear congruential generator (Numerical Recipes, 1992). */
function seededRandom(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The real loop, dispatcher and journal over a memory ledger and a clock that the test moves. */
export async function startHarness(options: HarnessOptions) {
  const clock = options.clock ?? new VirtualClock(options.now);
  const backend = options.backend ?? openMemoryBackend({ clock });
  const executor = new TestExecutor(clock);
  options.prepare?.(executor);
  const jumps: number[] = [];
  const stretches: RunRecord[] = [];
  const snapshot = { ...aSnapshot(options.jobs, options.hostCapacity), ...options.snapshot };
  const engine = new Engine(snapshot, {
    clock,
    random: seededRandom(),
    backend,
    executor,
    isBuiltIn: () => false,
    events: {
      started() {},
      ended() {},
      retrying() {},
      troubled() {},
      recovered: () => scheduler.noteGap(),
    },
  });
  executor.onEnded = (ends) => engine.dispatcher.settle(ends);
  const { journal, dispatcher, reactions, tickets } = engine;
  const scheduler: Scheduler = new Scheduler({
    clock,
    journal,
    dispatcher,
    tickets,
    events: {
      clockJumped: (byMs) => jumps.push(byMs),
      stretch: (run) => stretches.push(run),
    },
  });
  await recover({ backend, clock, dispatcher, reactions, tickets });
  scheduler.start(engine.snapshot, await backend.jobStates());
  dispatcher.pump();
  await clock.advance(0);
  const reloadSnapshot = async (next: Snapshot) => {
    const diff = diffSnapshots(engine.snapshot, next);
    putInForce({ engine, scheduler }, { snapshot: next }, diff);
    await clock.advance(0);
  };
  return {
    clock,
    backend,
    executor,
    engine,
    scheduler,
    jumps,
    stretches,
    /** Nominal instants in the order in which first attempts were started. */
    fired: () =>
      executor.started
        .filter((request) => request.attempt === 1)
        .map((request) => new Date(request.job?.nominalAt ?? Number.NaN).toISOString()),
    async records(): Promise<RunRecord[]> {
      await journal.idle();
      const { runs } = await backend.runs({ limit: 1000 });
      return runs.toReversed();
    },
    reload: (jobs: readonly JobDefinition[]) => reloadSnapshot(aSnapshot(jobs)),
    reloadSnapshot,
    /** The process ends without a word: nothing that is not durable by now has happened. */
    kill() {
      scheduler.stop();
      journal.close();
      executor.onEnded = () => {};
    },
  };
}
