import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import { deepFreeze } from '../../../src/config/deep-freeze.ts';
import type { JobDefinition, Snapshot } from '../../../src/config/snapshot.ts';
import type { ScheduleDeclaration } from '../../../src/schedule/schedule.ts';
import { aJob } from '../../support/daemon-harness.ts';
import type { SimSchedule } from '../oracle/schedule-instants.ts';

/** A job of the simulated world: what is declared, and what the checker needs to know of it. */
export interface SimJob {
  readonly name: string;
  readonly schedule: SimSchedule;
  readonly repeats?: number;
  /** How long its runs take, roughly. */
  readonly typicalMs: Milliseconds;
  readonly policies: Pick<
    JobDefinition,
    'service' | 'enabled' | 'retry' | 'overlap' | 'catchUp' | 'jitterMs' | 'priority' | 'on'
  > & { readonly group?: string };
  /** Different in each edition of a job: shows which one a run was made from. */
  readonly edition: number;
  readonly renamedFrom?: string;
}

export const services = {
  plain: {},
  other: {},
  narrow: { maxRunning: 2 },
  single: { maxRunning: 1 },
} as const;

export const groups = {
  few: { maxRunning: 2 },
  slow: { rate: { count: 3, perMs: 1_800_000 } },
} as const;

export const hostCapacity = 12;

/** What a service is given; must come back with each run of this edition. */
export const payloadOf = (job: SimJob) => JSON.stringify({ edition: job.edition });

/** Its timeout tells the edition too, so that a definition that went stale shows. */
export const timeoutOf = (job: SimJob): Milliseconds => 7_200_000 + job.edition;

const known = new WeakMap<SimJob, JobDefinition>();

/** Never the same object, as when files are read again; what is compiled in it may be. */
export function jobDefinition(job: SimJob): JobDefinition {
  const definition = known.get(job) ?? makeDefinition(job);
  known.set(job, definition);
  return { ...definition };
}

function makeDefinition(job: SimJob): JobDefinition {
  return aJob({
    name: job.name,
    schedule: declarationOf(job),
    extra: { edition: job.edition },
    timeoutMs: timeoutOf(job),
    ...job.policies,
    ...(job.renamedFrom === undefined ? {} : { renamedFrom: job.renamedFrom }),
  });
}

export function snapshotOf(jobs: Iterable<SimJob>, revision: string): Snapshot {
  const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
  const named = <Value>(entries: Record<string, Value>) =>
    new Map(Object.entries(entries).map(([name, value]) => [name, { name, place, ...value }]));
  const snapshot: Snapshot = {
    revision,
    daemon: {
      statePath: 'state.db',
      drainTimeoutMs: 30_000,
      hosts: 1,
      hostConcurrency: hostCapacity,
      hostMemoryMb: 512,
      hostMaxRuns: 10_000,
      retentionDays: 365,
      retentionRuns: 1_000_000,
    },
    endpoints: new Map(),
    services: new Map(
      [...named(services)].map(([name, value]) => [
        name,
        { ...value, module: 'service.ts', export: 'default' },
      ]),
    ),
    jobs: new Map([...jobs].map((job) => [job.name, jobDefinition(job)])),
    groups: named(groups),
    calendars: new Map(),
  };
  deepFreeze(snapshot);
  return snapshot;
}

function declarationOf({ schedule, repeats }: SimJob): ScheduleDeclaration {
  switch (schedule.type) {
    case 'manual':
      return { type: 'manual' };
    case 'one-time':
      return { type: 'one-time', at: schedule.at, timezone: schedule.zone };
    case 'interval': {
      const every = everyText(schedule.everyDays, schedule.everyMs);
      return { type: 'interval', every, timezone: schedule.zone, ...bounds(schedule, repeats) };
    }
    case 'cron': {
      const cron = schedule.crons.length === 1 ? (schedule.crons[0] ?? '') : schedule.crons;
      return { type: 'cron', cron, timezone: schedule.zone, ...bounds(schedule, repeats) };
    }
    default:
      return schedule satisfies never;
  }
}

function everyText(days: number, ms: Milliseconds): string {
  return `${days > 0 ? `${days}d` : ''}${ms > 0 ? `${ms / 1000}s` : ''}`;
}

function bounds(schedule: { startAt?: Instant; untilAt?: Instant }, repeats?: number) {
  return {
    ...(schedule.startAt === undefined ? {} : { start: iso(schedule.startAt) }),
    ...(schedule.untilAt === undefined ? {} : { until: iso(schedule.untilAt) }),
    ...(repeats === undefined ? {} : { repeats }),
  };
}

const iso = (at: Instant) => new Date(at).toISOString();
