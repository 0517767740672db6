import type { Instant, Milliseconds } from '../../clock/clock.ts';
import type { Outcome, Trigger } from '../../dispatch/run.ts';
import type { DaemonEvent, Telemetry } from '../events.ts';
import { BoundedLabels } from './bounded-labels.ts';
import { DurationHistogram } from './duration-histogram.ts';

// Each job is some ten time series, and Prometheus takes a few ten thousand of one target.
const maxJobs = 1000;
const maxServices = 100;

const latenessBoundsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1e3, 2.5e3, 5e3, 1e4, 3e4, 6e4, 3e5];
const runBoundsMs = [1, 5, 10, 50, 100, 500, 1e3, 5e3, 1e4, 3e4, 6e4, 3e5, 9e5, 3.6e6];
const commitBoundsMs = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1e3, 2.5e3];

/** What is counted of one job, or of all services that ran without a job. */
export class JobCounts {
  readonly started = new Map<Trigger, number>();
  readonly ended = new Map<Outcome, number>();
  readonly skipped = new Map<string, number>();
  readonly missed = new Map<string, number>();
  retries = 0;
  lastSuccessAt: Instant | undefined;
  lastDurationMs: Milliseconds | undefined;
}

type EventOf<Kind extends DaemonEvent['kind']> = Extract<DaemonEvent, { kind: Kind }>;

/**
 * Counts what the daemon tells about itself. In plain numbers and one look-up of the job: two
 * events a run at tens of thousands of runs a second must not be felt. They become metrics only
 * when somebody asks for them (`create-metrics.ts`).
 */
export class EventCounts implements Telemetry {
  readonly jobs = new BoundedLabels(maxJobs, () => new JobCounts());
  readonly lateness = new DurationHistogram(latenessBoundsMs);
  readonly durations = new BoundedLabels(maxServices, () => new DurationHistogram(runBoundsMs));
  readonly commits = new DurationHistogram(commitBoundsMs);
  recovered = { lost: 0, retrying: 0, waiting: 0 };
  readonly reloads = { changed: 0, unchanged: 0, refused: 0 };
  readonly clockJumps = { forward: 0, back: 0 };
  hostsStarted = 0;
  hostsDied = 0;
  ledgerTroubles = 0;
  lateResults = 0;

  emit(event: DaemonEvent): void {
    switch (event.kind) {
      case 'run-started':
        return this.#started(event);
      case 'run-ended':
        return this.#ended(event);
      case 'run-skipped':
      case 'skip-continued':
        return add(this.jobs.of(event.job).skipped, shortReason(event.reason), event.count);
      case 'run-missed':
        return add(this.jobs.of(event.job).missed, event.reason, event.count);
      case 'ledger-committed':
        return this.commits.observe(event.tookMs);
      default:
        return this.#life(event);
    }
  }

  #started(event: EventOf<'run-started'>): void {
    if (event.attempt > 1) return;
    add(this.jobs.of(event.job ?? '').started, event.trigger, 1);
    // What is caught up, or asked for by hand, says nothing about how punctual the schedule is.
    if (event.trigger === 'schedule') this.lateness.observe(event.delayMs);
  }

  #ended(event: EventOf<'run-ended'>): void {
    const counts = this.jobs.of(event.job ?? '');
    // A run that was cancelled while it waited has no duration.
    if (event.attempt > 0) {
      this.durations.of(event.service).observe(event.tookMs);
      counts.lastDurationMs = event.tookMs;
    }
    if (event.retryAt !== undefined) {
      counts.retries += 1;
      return;
    }
    add(counts.ended, event.outcome, 1);
    if (event.outcome === 'succeeded') counts.lastSuccessAt = event.endedAt;
  }

  #life(event: DaemonEvent): void {
    switch (event.kind) {
      case 'recovered':
        this.recovered = { lost: event.lost, retrying: event.retrying, waiting: event.waiting };
        return;
      case 'reloaded':
        this.reloads.changed += 1;
        return;
      case 'reload-unchanged':
        this.reloads.unchanged += 1;
        return;
      case 'reload-refused':
        this.reloads.refused += 1;
        return;
      case 'clock-jumped':
        this.clockJumps[event.byMs < 0 ? 'back' : 'forward'] += 1;
        return;
      case 'host-started':
        this.hostsStarted += 1;
        return;
      case 'host-died':
        this.hostsDied += 1;
        return;
      case 'late-result-ignored':
        this.lateResults += 1;
        return;
      case 'ledger-trouble':
        this.ledgerTroubles += 1;
    }
  }
}

/** What calendars exclude is told with the day or the freeze: as labels these would never end. */
function shortReason(reason: string): string {
  if (reason.startsWith('paused: ')) return 'paused';
  return /^(?:not in )?calendar /.test(reason) ? 'calendar' : reason;
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
