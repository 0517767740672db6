import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { Control, JobView, StatusView } from './control.ts';
import type { Engine } from './engine.ts';
import { jobView } from './job-view.ts';
import type { Reloader } from './reloader.ts';
import { standstill } from './scheduled-job.ts';
import type { Scheduler } from './scheduler.ts';

export interface DaemonControlOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly reloader: Reloader;
  readonly status: () => StatusView;
}

/** Answers what the daemon is asked, whoever asks: the socket, the page, a test. */
export function daemonControl(options: DaemonControlOptions): Control {
  const { backend, engine, reloader } = options;
  return {
    status: async () => options.status(),
    jobs: () => jobViews(options),
    runs: (query) => backend.runs(query),
    run: (id) => engine.run(id),
    async logs(id) {
      await engine.run(id);
      return backend.logs(id);
    },
    runJob(job, { extra, actor }) {
      return engine.runJob(job, {
        trigger: 'manual',
        ...(extra === undefined ? {} : { payload: extra }),
        ...(actor === undefined ? {} : { actor }),
      });
    },
    invoke(service, { payload, actor }) {
      return engine.invoke(service, {
        trigger: 'manual',
        ...(payload === undefined ? {} : { payload }),
        ...(actor === undefined ? {} : { actor }),
      });
    },
    waitForEnd: (id, timeoutMs) => engine.waitForEnd(id, timeoutMs),
    reload: () => reloader.reload('request'),
    keyValue: (key) => backend.keyValues.get(key),
    keys: (prefix, limit) => backend.keyValues.keys(prefix, limit),
  };
}

async function jobViews(options: DaemonControlOptions): Promise<readonly JobView[]> {
  const latest = new Map<string, RunRecord>();
  for (const run of await options.backend.latestRuns()) {
    if (run.job !== undefined) latest.set(run.job, run);
  }
  const now = options.clock.now();
  return [...options.scheduler.scheduled]
    .map((scheduled) =>
      jobView(scheduled.job, {
        occurrences: scheduled.progress.occurrences,
        isPaused: standstill(scheduled, options.scheduler.pauses, now) === 'paused',
        ...(scheduled.nextNominalAt === undefined ? {} : { nextAt: scheduled.nextNominalAt }),
        last: latest.get(scheduled.job.name),
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
