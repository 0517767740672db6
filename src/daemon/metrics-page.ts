import type { Backend } from '../backend/backend.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { MetricsPage } from '../http/metrics-route.ts';
import type { EventCounts } from '../telemetry/metrics/event-counts.ts';
import type { StatusView } from './control.ts';
import type { Scheduler } from './scheduler.ts';

interface MetricsPageOptions {
  readonly counts: EventCounts;
  readonly backend: Backend;
  readonly scheduler: Scheduler;
  readonly status: () => StatusView;
}

/** The metrics of the daemon, made when somebody asks: what nobody scrapes costs nothing. */
export function metricsPage(options: MetricsPageOptions): () => Promise<MetricsPage> {
  const { counts, scheduler, status } = options;
  const jobs = function* () {
    for (const { job, progress } of scheduler.scheduled) {
      yield { name: job.name, firstSeenAt: progress.anchorAt };
    }
  };
  const load = async () => {
    const { createMetrics } = await import('../telemetry/metrics/create-metrics.ts');
    return createMetrics({ counts, status, jobs });
  };
  const lastSuccesses = new LastSuccesses(options);
  let metrics: ReturnType<typeof load> | undefined;
  return async () => {
    metrics ??= load();
    const { contentType, text } = await metrics;
    await lastSuccesses.complete();
    return { contentType, text: await text() };
  };
}

/** When jobs last succeeded before this daemon counted: the ledger knows. */
class LastSuccesses {
  readonly #options: MetricsPageOptions;
  readonly #lookedUp = new Set<string>();
  #underWay: Promise<void> | undefined;

  constructor(options: MetricsPageOptions) {
    this.#options = options;
  }

  /** Gives each job its place while there is room, and looks up those that are new. */
  complete(): Promise<void> {
    this.#underWay ??= this.#lookUp().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #lookUp(): Promise<void> {
    const { scheduler, counts } = this.#options;
    const isDeclared = (job: string) => job === '' || scheduler.job(job) !== undefined;
    counts.jobs.retain(isDeclared);
    for (const job of this.#lookedUp) if (!counts.jobs.has(job)) this.#lookedUp.delete(job);
    const unknown = this.#newJobs();
    // One query for nearly all of them; what failed last, or runs now, is looked up on its own.
    const latest = unknown.length > 1 ? await this.#latest() : noRuns;
    for (const job of unknown) {
      const run = latest.get(job) ?? (await this.#lastSuccess(job));
      const jobCounts = counts.jobs.of(job);
      jobCounts.lastSuccessAt ??= run?.endedAt;
      this.#lookedUp.add(job);
    }
  }

  #newJobs(): readonly string[] {
    const { scheduler, counts } = this.#options;
    const found: string[] = [];
    for (const { job } of scheduler.scheduled) {
      if (this.#lookedUp.has(job.name)) continue;
      if (counts.jobs.isFull && !counts.jobs.has(job.name)) continue;
      counts.jobs.of(job.name);
      found.push(job.name);
    }
    return found;
  }

  async #latest(): Promise<ReadonlyMap<string, RunRecord>> {
    const runs = await this.#options.backend.latestRuns();
    const succeeded = runs.filter(({ job, state }) => job !== undefined && state === 'succeeded');
    return new Map(succeeded.map((run) => [run.job ?? '', run]));
  }

  async #lastSuccess(job: string): Promise<RunRecord | undefined> {
    const page = await this.#options.backend.runs({ job, states: ['succeeded'], limit: 1 });
    return page.runs[0];
  }
}

const noRuns: ReadonlyMap<string, RunRecord> = new Map();
