import type { Instant } from '../../clock/clock.ts';
import type { CollectedMetrics, ValueSample } from './collected-metrics.ts';
import type { EventCounts, JobCounts } from './event-counts.ts';

/** A job of the snapshot in force. */
export interface JobOfMetrics {
  readonly name: string;
  /** When its schedule was first seen. */
  readonly firstSeenAt?: Instant;
}

// So that the first failure is a step from 0 to 1, which a rate can see, and not a new series.
const outcomesFromTheStart = ['succeeded', 'failed'] as const;

/** What is told of each job; `job` is empty for services that run without one. */
export function addJobMetrics(
  metrics: CollectedMetrics,
  counts: EventCounts,
  jobs: () => Iterable<JobOfMetrics>,
): void {
  const each = (samples: (job: string, counts: JobCounts) => Iterable<ValueSample>) => () =>
    [...counts.jobs.entries()].flatMap(([job, jobCounts]) => [...samples(job, jobCounts)]);
  metrics.counter({
    name: 'jobsd_runs_started_total',
    help: 'Runs that started, by what asked for them: schedule, catch-up, manual and others.',
    labelNames: ['job', 'trigger'],
    collect: each((job, { started }) => byLabel(job, 'trigger', started)),
  });
  metrics.counter({
    name: 'jobsd_runs_ended_total',
    help: 'Runs that ended for good, by outcome.',
    labelNames: ['job', 'outcome'],
    collect: each((job, { ended }) => {
      const atLeastZero = outcomesFromTheStart.map((outcome) => [outcome, 0] as const);
      return byLabel(job, 'outcome', new Map([...atLeastZero, ...ended]));
    }),
  });
  metrics.counter({
    name: 'jobsd_run_retries_total',
    help: 'Attempts that ended without success and are followed by another.',
    labelNames: ['job'],
    collect: each((job, { retries }) => [[retries, { job }]]),
  });
  metrics.counter({
    name: 'jobsd_occurrences_skipped_total',
    help: 'Times of schedules at which nothing was to run, by reason.',
    labelNames: ['job', 'reason'],
    collect: each((job, { skipped }) => byLabel(job, 'reason', skipped)),
  });
  metrics.counter({
    name: 'jobsd_occurrences_missed_total',
    help: 'Times of schedules at which something was to run and did not, by reason.',
    labelNames: ['job', 'reason'],
    collect: each((job, { missed }) => byLabel(job, 'reason', missed)),
  });
  addJobGauges(metrics, counts, jobs);
}

/** Of declared jobs only: what runs without a job, or without a place of its own, has no last time. */
function addJobGauges(
  metrics: CollectedMetrics,
  counts: EventCounts,
  jobs: () => Iterable<JobOfMetrics>,
): void {
  const gauge = (name: string, help: string, value: JobValue) =>
    metrics.gauge({
      name,
      help,
      labelNames: ['job'],
      *collect() {
        for (const job of jobs()) {
          if (!counts.jobs.has(job.name)) continue;
          const milliseconds = value(counts.jobs.of(job.name), job);
          if (milliseconds !== undefined) yield [milliseconds / 1000, { job: job.name }];
        }
      },
    });
  gauge(
    'jobsd_job_last_success_timestamp_seconds',
    'When a run of the job last succeeded, as far back as the ledger goes. Absent if never.',
    ({ lastSuccessAt }) => lastSuccessAt,
  );
  gauge(
    'jobsd_job_first_seen_timestamp_seconds',
    'When the schedule of the job was first seen.',
    (_, { firstSeenAt }) => firstSeenAt,
  );
  gauge(
    'jobsd_job_last_duration_seconds',
    'How long the last attempt of the job took.',
    ({ lastDurationMs }) => lastDurationMs,
  );
}

/** In milliseconds. */
type JobValue = (counts: JobCounts, job: JobOfMetrics) => number | undefined;

function byLabel(
  job: string,
  label: string,
  counts: ReadonlyMap<string, number>,
): readonly ValueSample[] {
  return [...counts].map(([value, count]) => [count, { job, [label]: value }]);
}
