import { Registry } from 'prom-client';
import type { StatusView } from '../../daemon/control.ts';
import { CollectedMetrics } from './collected-metrics.ts';
import { addDaemonMetrics } from './daemon-metrics.ts';
import type { EventCounts } from './event-counts.ts';
import { expositionText } from './exposition.ts';
import { addJobMetrics, type JobOfMetrics } from './job-metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';

/** Where metrics are read from, at each scrape. */
export interface MetricSources {
  readonly counts: EventCounts;
  readonly status: () => StatusView;
  readonly jobs: () => Iterable<JobOfMetrics>;
}

export interface MetricsText {
  readonly contentType: string;
  /** As it is now. */
  text(): Promise<string>;
}

/**
 * All metrics of the daemon, in base units and with the names Prometheus has rules for. The only
 * place that loads prom-client: import it when somebody scrapes.
 */
export function createMetrics({ counts, status, jobs }: MetricSources): MetricsText {
  const registry = new Registry();
  const metrics = new CollectedMetrics(registry);
  addDaemonMetrics(metrics, counts, status);
  addJobMetrics(metrics, counts, jobs);
  addDurationMetrics(metrics, counts);
  addProcessMetrics(metrics);
  return { contentType: registry.contentType, text: () => expositionText(registry) };
}

function addDurationMetrics(metrics: CollectedMetrics, counts: EventCounts): void {
  metrics.histogram({
    name: 'jobsd_schedule_lateness_seconds',
    help: 'From the planned time of scheduled runs to their start, waiting included.',
    collect: () => [[counts.lateness]],
  });
  metrics.histogram({
    name: 'jobsd_run_duration_seconds',
    help: 'How long attempts took.',
    labelNames: ['service'],
    *collect() {
      for (const [service, durations] of counts.durations.entries()) yield [durations, { service }];
    },
  });
  metrics.histogram({
    name: 'jobsd_ledger_commit_duration_seconds',
    help: 'From asking for a commit until it is on disk.',
    collect: () => [[counts.commits]],
  });
}
