import type { Control, JobView, StatusView } from '../../src/daemon/control.ts';
import type { LogLine, RunRecord } from '../../src/dispatch/run.ts';
import { JobsdError } from '../../src/errors.ts';

export function aRun(fields: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'sync-data@20300101T000000Z',
    job: 'sync-data',
    service: 'api.scheduler.sync',
    trigger: 'schedule',
    state: 'succeeded',
    attempt: 1,
    nominalAt: Date.parse('2030-01-01T00:00:00Z'),
    plannedAt: Date.parse('2030-01-01T00:00:00Z'),
    startedAt: Date.parse('2030-01-01T00:00:00.004Z'),
    endedAt: Date.parse('2030-01-01T00:00:01.250Z'),
    revision: 'a1b2c3d4e5f6',
    ...fields,
  };
}

export function aJobView(fields: Partial<JobView> = {}): JobView {
  return {
    name: 'sync-data',
    type: 'interval',
    schedule: 'every 1h',
    timezone: 'UTC',
    service: 'api.scheduler.sync',
    enabled: true,
    paused: false,
    occurrences: 3,
    next: '2030-01-01T01:00:00.000Z',
    last: { id: aRun().id, state: 'succeeded', at: '2030-01-01T00:00:01.250Z' },
    place: 'jobs.d/sync.yaml:4:3',
    ...fields,
  };
}

export function aStatus(fields: Partial<StatusView> = {}): StatusView {
  return {
    pid: 4711,
    version: '0.1.0',
    node: '26.10.0',
    tzdata: '2026a',
    startedAt: '2029-12-31T22:00:00.000Z',
    state: 'running',
    root: '/srv/integrations',
    backend: 'sqlite',
    statePath: '/srv/integrations/.jobsd/state.db',
    revision: 'a1b2c3d4e5f6',
    lastReload: { at: '2029-12-31T23:00:00.000Z', ok: true, findings: 0 },
    reloads: 2,
    jobs: 4,
    services: 1,
    endpoints: 2,
    waiting: 0,
    running: 1,
    hosts: [
      { name: 'host-1', pid: 4712, runs: 1 },
      { name: 'host-2', pid: 4713, runs: 0 },
    ],
    ...fields,
  };
}

export interface MemoryControl extends Control {
  readonly asked: unknown[][];
  /** Ends a run that `runJob` or `invoke` started, and wakes who waits for it. */
  end(id: string, fields: Partial<RunRecord>): void;
  log(id: string, line: LogLine): void;
}

/** A `Control` over a few values in memory: what the door and the commands have to carry. */
export function createMemoryControl(
  content: {
    runs?: RunRecord[];
    jobs?: JobView[];
    status?: StatusView;
    keyValues?: Record<string, string>;
  } = {},
): MemoryControl {
  const runs = new Map((content.runs ?? [aRun()]).map((run) => [run.id, run]));
  const jobs = content.jobs ?? [aJobView()];
  const keyValues = new Map(Object.entries(content.keyValues ?? {}));
  const logs = new Map<string, LogLine[]>();
  const ended = new EventTarget();
  const asked: unknown[][] = [];

  const find = (id: string): RunRecord => {
    const run = runs.get(id);
    if (run === undefined) throw new JobsdError('JOBSD_RUN_NOT_FOUND', `There is no run "${id}".`);
    return run;
  };
  const start = (run: RunRecord): RunRecord => {
    runs.set(run.id, run);
    return run;
  };
  return {
    asked,
    end(id, fields) {
      runs.set(id, { ...find(id), state: 'succeeded', ...fields });
      ended.dispatchEvent(new Event(id));
    },
    log(id, line) {
      logs.set(id, [...(logs.get(id) ?? []), line]);
    },
    status: async () => content.status ?? aStatus(),
    jobs: async () => jobs,
    async runs(query) {
      asked.push(['runs', query]);
      const all = [...runs.values()].filter(
        (run) =>
          (query.job === undefined || run.job === query.job) &&
          (query.states === undefined || query.states.includes(run.state)),
      );
      const from = query.after === undefined ? 0 : Number(query.after);
      const next = from + query.limit < all.length ? String(from + query.limit) : undefined;
      return { runs: all.slice(from, from + query.limit), ...(next && { next }) };
    },
    run: async (id) => find(id),
    async logs(id, from = 0) {
      asked.push(['logs', id, from]);
      find(id);
      return (logs.get(id) ?? []).slice(from);
    },
    async runJob(job, options) {
      asked.push(['runJob', job, options]);
      if (!jobs.some((each) => each.name === job)) {
        throw new JobsdError('JOBSD_JOB_NOT_FOUND', `There is no job "${job}".`);
      }
      return start(
        aRun({
          id: `${job}@manual-1`,
          job,
          trigger: options.trigger ?? 'api',
          state: 'running',
          nominalAt: undefined,
          endedAt: undefined,
        }),
      );
    },
    async cancel(id, options) {
      asked.push(['cancel', id, options]);
      return { ...find(id), state: 'cancelled' };
    },
    async retry(id, options) {
      asked.push(['retry', id, options]);
      return { ...find(id), state: 'waiting' };
    },
    async pause(target, options) {
      asked.push(['pause', target, options]);
      return { target, since: '2030-01-01T00:00:00.000Z' };
    },
    async resume(target, options) {
      asked.push(['resume', target, options]);
    },
    pauses: async () => [{ target: 'all', since: '2030-01-01T00:00:00.000Z' }],
    async planBackfill(job, options) {
      asked.push(['planBackfill', job, options]);
      return [{ nominal: options.from, plan: 'run' }];
    },
    async backfill(job, options) {
      asked.push(['backfill', job, options]);
      return aRun({ id: `${job}@backfill-1`, job, trigger: 'backfill' });
    },
    async why(job, at) {
      return { job, at, verdict: 'ran', because: ['It ended: succeeded.'], run: aRun({ job }) };
    },
    async invoke(service, options) {
      asked.push(['invoke', service, options]);
      return start(
        aRun({
          id: `${service}@invoke-1`,
          job: undefined,
          service,
          trigger: options.trigger ?? 'api',
          state: 'running',
          endedAt: undefined,
        }),
      );
    },
    waitForEnd(id, timeoutMs) {
      asked.push(['waitForEnd', id]);
      const run = find(id);
      if (run.state !== 'running') return Promise.resolve(run);
      return new Promise((resolve) => {
        const answer = () => {
          clearTimeout(timer);
          resolve(find(id));
        };
        const timer = setTimeout(answer, timeoutMs);
        ended.addEventListener(id, answer, { once: true });
      });
    },
    reload: async () => ({ ok: true, changed: true, revision: 'f6e5d4c3b2a1', findings: [] }),
    keyValue: async (key) => keyValues.get(key),
    keys: async (prefix, limit) =>
      [...keyValues.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .slice(0, limit),
  };
}
