import type { Instant } from '../../../src/clock/clock.ts';
import type { Random } from '../../support/random.ts';
import { aFaultJob, type FaultJob, type FaultSchedule } from '../fault-job.ts';

const overlaps = ['allow', 'skip', 'queue', 'queue-latest', 'replace'] as const;
const catchUps = ['all', 'latest', 'none'] as const;

/** Jobs of every kind that matters to recovery; all of them fire within seconds. */
export function makeJobs(random: Random, span: { fromAt: Instant; untilAt: Instant }): FaultJob[] {
  return [
    ...catchUps.flatMap((catchUp) => plainJobs(catchUp, span.fromAt, random)),
    ...overlaps.flatMap((overlap) => overlapJobs(overlap, random)),
    ...retryJobs(),
    ...oneTimeJobs(random, span),
    aFaultJob({ name: 'counted', schedule: { type: 'interval', everyMs: 2000, repeats: 12 } }),
    aFaultJob({ name: 'counted-cron', schedule: { ...cronEvery(3, 1), repeats: 9 } }),
    ...[500, 900, 1900].map((jitterMs) =>
      aFaultJob({ name: `jittered-${jitterMs}`, jitterMs, schedule: cronEvery(2, 0) }),
    ),
  ];
}

function plainJobs(catchUp: FaultJob['catchUp'], fromAt: Instant, random: Random): FaultJob[] {
  const schedules: Record<string, FaultSchedule> = {
    second: { type: 'interval', everyMs: 1000 },
    'two-seconds': { type: 'interval', everyMs: 2000 },
    anchored: { type: 'interval', everyMs: 1500, startAt: Math.floor(fromAt / 1000) * 1000 + 250 },
    cron: cronEvery(1, 0),
    'cron-thirds': cronEvery(3, random.between(0, 2)),
    'cron-list': { type: 'cron', seconds: someSeconds(random) },
  };
  return Object.entries(schedules).map(([name, schedule]) =>
    aFaultJob({
      name: `${name}-${catchUp}`,
      schedule,
      catchUp,
      work: waits(random.between(0, 80)),
    }),
  );
}

/** One that ends before the next, and one whose runs take longer than the time between them. */
function overlapJobs(overlap: FaultJob['overlap'], random: Random): FaultJob[] {
  const schedule: FaultSchedule = { type: 'interval', everyMs: 2000 };
  const short = { overlap, catchUp: random.pick(catchUps), work: waits(random.between(100, 400)) };
  const long = { overlap, catchUp: 'latest', work: waits(2600) } as const;
  const jobs = [aFaultJob({ name: `${overlap}-short`, schedule, ...short })];
  // A queue that fills faster than it empties would never be drained.
  if (overlap !== 'queue') jobs.push(aFaultJob({ name: `${overlap}-long`, schedule, ...long }));
  return jobs;
}

function retryJobs(): FaultJob[] {
  const schedule: FaultSchedule = { type: 'interval', everyMs: 2000 };
  return [
    aFaultJob({
      name: 'fails-first',
      schedule,
      attempts: 3,
      work: { ...waits(30), fails: 'first' },
    }),
    aFaultJob({ name: 'fails', schedule, attempts: 2, work: { ...waits(30), fails: 'always' } }),
    aFaultJob({ name: 'lost-for-good', schedule, onLost: false, work: waits(400) }),
    aFaultJob({ name: 'slow', schedule, attempts: 2, work: waits(700) }),
    aFaultJob({ name: 'spins', schedule, work: { ...waits(150), spins: true } }),
    aFaultJob({ name: 'times-out', schedule, timeoutMs: 400, work: waits(10_000) }),
  ];
}

function oneTimeJobs(random: Random, span: { fromAt: Instant; untilAt: Instant }): FaultJob[] {
  const jobs: FaultJob[] = [];
  for (let at = span.fromAt + 1500; at < span.untilAt; at += random.between(700, 3000)) {
    const catchUp = catchUps[jobs.length % catchUps.length] ?? 'all';
    const name = `once-${jobs.length}`;
    jobs.push(aFaultJob({ name, schedule: { type: 'one-time', at }, catchUp, work: waits(60) }));
  }
  return jobs;
}

/** The job that edits change: each has another schedule than the one before. */
export function editedJob(random: Random): FaultJob {
  const schedule: FaultSchedule = random.chance(0.5)
    ? { type: 'interval', everyMs: random.between(500, 2500) }
    : { type: 'cron', seconds: someSeconds(random) };
  return aFaultJob({ name: 'edited', schedule, work: waits(20) });
}

/** The job that comes and goes. */
export const passingJob = aFaultJob({
  name: 'passing',
  schedule: { type: 'interval', everyMs: 1000 },
  work: waits(20),
});

function waits(takesMs: number): FaultJob['work'] {
  return { takesMs, spins: false, fails: 'never' };
}

function cronEvery(step: number, offset: number): FaultSchedule & { type: 'cron' } {
  const seconds = Array.from({ length: 60 / step }, (_, index) => index * step + offset);
  return { type: 'cron', seconds };
}

function someSeconds(random: Random): number[] {
  const seconds = Array.from({ length: 60 }, (_, second) => second);
  return [0, ...seconds.slice(1).filter(() => random.chance(0.5))];
}
