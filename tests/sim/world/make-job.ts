import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { RetryPolicy } from '../../../src/config/snapshot.ts';
import type { SimSchedule } from '../oracle/schedule-instants.ts';
import type { Random } from './random.ts';
import type { SimJob } from './sim-job.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Kathmandu',
] as const;

// From every few minutes to every few days. Seldom ones are many: what a seed costs is its runs.
const oftenCrons = ['*/10 9-12 * * *', '7,37 0-11 * * *', '*/20 6-14 * * MON-FRI', '0 * * * *'];
const burstCrons = ['*/10 1-2 * * *', '*/4 2 * * *', '30 */6 * * *', '0,15,30 0-2 * * *'];
const dailyCrons = [
  '30 2 * * *',
  '0 0 * * *',
  '15 1,13 * * *',
  '0 12 * * MON-FRI',
  '0 3 L * *',
  '45 23 * * SUN',
  '0 6 1,15 * *',
  '5 0 * * SAT,SUN',
  '30 10 * * MON#2',
  '0 4 */3 * *',
  '59 23 15W * *',
  '30 1 * * *',
];
const intervals: readonly (readonly [days: number, ms: Milliseconds])[] = [
  [0, 75 * minute],
  [0, 150 * minute],
  [0, 36 * hour],
  [3, 0],
  [5, 2 * hour],
  [0, 4 * hour],
  [0, 7 * hour + 1000],
  [0, 12 * hour],
  [0, 86_400_000],
  [1, 0],
  [2, 0],
  [1, 3 * hour],
  [7, 0],
];

export interface SimSpan {
  readonly startAt: Instant;
  readonly endAt: Instant;
}

/** Makes jobs, and other editions of them. Each edition has its own number. */
export class JobMaker {
  private readonly random: Random;
  private readonly span: SimSpan;
  private editions = 0;

  constructor(random: Random, span: SimSpan) {
    this.random = random;
    this.span = span;
  }

  /** A job of any kind. `nowAt` is when it is declared. */
  make(name: string, nowAt: Instant): SimJob {
    const timing = this.makeTiming(nowAt);
    return { name, ...timing, ...makePolicies(this.random, timing.schedule), ...this.number() };
  }

  /** A job that others start when they end so or so. */
  makeReaction(name: string): SimJob {
    const made = makePolicies(this.random, { type: 'manual' });
    const policies = { ...made.policies, enabled: true, on: {} };
    return { name, schedule: { type: 'manual' }, ...made, policies, ...this.number() };
  }

  /** Other times, other policies, more repeats, on or off. */
  edit(job: SimJob, nowAt: Instant): SimJob {
    const { renamedFrom: _, ...old } = job;
    const kept = { ...old, ...this.number() };
    switch (this.random.weighted({ timing: 4, policies: 3, repeats: 2, enabled: 3 })) {
      case 'timing': {
        const { repeats: _old, ...rest } = kept;
        return { ...rest, ...this.makeTiming(nowAt) };
      }
      case 'policies':
        return { ...kept, ...makePolicies(this.random, job.schedule) };
      case 'repeats':
        if (job.repeats === undefined) return kept;
        return { ...kept, repeats: job.repeats + this.random.between(1, 20) };
      case 'enabled':
        return { ...kept, policies: { ...job.policies, enabled: !job.policies.enabled } };
    }
  }

  rename(job: SimJob, name: string): SimJob {
    return { ...job, name, renamedFrom: job.name, ...this.number() };
  }

  private number() {
    this.editions += 1;
    return { edition: this.editions };
  }

  private makeTiming(nowAt: Instant): Pick<SimJob, 'schedule' | 'repeats'> {
    const schedule = makeSchedule(this.random, nowAt, this.span);
    const canRepeat = schedule.type === 'cron' || schedule.type === 'interval';
    if (!canRepeat || !this.random.chance(0.25)) return { schedule };
    return { schedule, repeats: this.random.between(1, 30) };
  }
}

function makeSchedule(random: Random, nowAt: Instant, span: SimSpan): SimSchedule {
  const zone = random.pick(zones);
  switch (random.weighted({ often: 1, burst: 2, daily: 23, interval: 16, oneTime: 8 })) {
    case 'often':
      return { type: 'cron', crons: [random.pick(oftenCrons)], zone, ...makeBounds(random, nowAt) };
    case 'burst':
      return { type: 'cron', crons: [random.pick(burstCrons)], zone, ...makeBounds(random, nowAt) };
    case 'daily': {
      const crons = [random.pick(dailyCrons)];
      if (random.chance(0.2)) crons.push(random.pick(dailyCrons));
      return { type: 'cron', crons: [...new Set(crons)], zone, ...makeBounds(random, nowAt) };
    }
    case 'interval': {
      const [everyDays, everyMs] = random.pick(intervals);
      return { type: 'interval', everyDays, everyMs, zone, ...makeBounds(random, nowAt) };
    }
    case 'oneTime': {
      const at = nowAt + random.between(-2 * hour, span.endAt - nowAt);
      const reading = new Date(at - (at % minute)).toISOString().slice(0, 19);
      return { type: 'one-time', at: reading, zone };
    }
  }
}

function makeBounds(random: Random, nowAt: Instant): { startAt?: Instant; untilAt?: Instant } {
  const whole = (at: Instant) => at - (at % (5 * minute));
  const startAt = random.chance(0.2)
    ? whole(nowAt + random.between(-3 * day, 10 * day))
    : undefined;
  const untilAt = random.chance(0.15)
    ? whole(nowAt + random.between(11 * day, 25 * day))
    : undefined;
  return {
    ...(startAt === undefined ? {} : { startAt }),
    ...(untilAt === undefined ? {} : { untilAt }),
  };
}

function makePolicies(
  random: Random,
  schedule: SimSchedule,
): Pick<SimJob, 'policies' | 'typicalMs'> {
  const overlap = random.pick([
    'allow',
    'allow',
    'skip',
    'queue',
    'queue-latest',
    'replace',
  ] as const);
  const group = random.weighted({ none: 12, few: 2, slow: 1 });
  return {
    typicalMs: random.magnitude(50, random.chance(0.3) ? 3 * hour : 10 * minute),
    policies: {
      service: random.weighted({ plain: 6, other: 4, narrow: 2, single: 1 }),
      enabled: random.chance(0.92),
      retry: makeRetry(random),
      overlap,
      catchUp: makeCatchUp(random),
      jitterMs:
        schedule.type !== 'manual' && random.chance(0.15) ? random.magnitude(1000, hour) : 0,
      priority: random.chance(0.2) ? random.between(-3, 3) : 0,
      on: {
        ...(random.chance(0.3) ? { failure: { job: 'reaction-a' } } : {}),
        ...(random.chance(0.15) ? { success: { service: 'other' } } : {}),
        ...(random.chance(0.15) ? { timeout: { job: 'reaction-b' } } : {}),
        ...(random.chance(0.15) ? { missed: { job: 'reaction-b' } } : {}),
        ...(random.chance(0.1) ? { recovery: { service: 'other' } } : {}),
      },
      ...(group === 'none' ? {} : { group }),
    },
  };
}

function makeRetry(random: Random): RetryPolicy {
  return {
    attempts: random.pick([1, 1, 2, 3, 5]),
    delayMs: random.pick([0, 1000, 10_000, 60_000, 600_000]),
    backoff: random.pick(['constant', 'exponential'] as const),
    maxDelayMs: random.pick([60_000, 600_000, hour]),
    onLost: random.chance(0.7),
  };
}

function makeCatchUp(random: Random) {
  const mode = random.pick(['none', 'latest', 'latest', 'all', 'all'] as const);
  const windowMs = random.pick([undefined, 10 * minute, hour, 4 * hour, 12 * hour, day, 36 * hour]);
  const limit = mode === 'all' ? random.pick([1, 3, 10, 100, 100]) : 100;
  return { mode, limit, ...(windowMs === undefined ? {} : { windowMs }) };
}
