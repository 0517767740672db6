import { checkLedger } from './check/check-ledger.ts';
import { EventLog } from './world/event-log.ts';
import { Random } from './world/random.ts';
import type { SimJob } from './world/sim-job.ts';
import { SimWorld } from './world/sim-world.ts';
import { reactionJobs, Troubles } from './world/troubles.ts';

export interface SeedResult {
  readonly seed: number;
  readonly hash: string;
  readonly runs: number;
  readonly violations: readonly string[];
}

const day = 86_400_000;
const simulatedDays = 30;
const jobCount = 50;
// Months in which one clock or another of the zones in use changes; few, because the oracle's lists
// are kept from seed to seed.
const starts = ['2026-03-18', '2026-10-12', '2026-08-24', '2027-02-27'];

/** One world, from its first day to its last, and the check of its ledger. The same for the same seed. */
export async function runSeed(seed: number, onLine?: (line: string) => void): Promise<SeedResult> {
  const log = new EventLog(onLine);
  const random = new Random(seed, 'start');
  const startAt = Date.parse(`${random.pick(starts)}T00:00:00Z`);
  const span = { startAt, endAt: startAt + simulatedDays * day };
  const world = new SimWorld(seed, span, log);
  world.declare(firstJobs(world));
  const troubles = new Troubles(world, seed);
  troubles.plan(simulatedDays * day);
  world.startDaemon();
  await world.clock.runUntil(simulatedDays * day);
  await quietEnd(world, troubles);
  checkLedger(world);
  const { violations } = world;
  return { seed, hash: log.end(), runs: world.starts.length, violations };
}

function firstJobs(world: SimWorld): Map<string, SimJob> {
  const jobs = reactionJobs.map((name) => world.maker.makeReaction(name));
  while (jobs.length < jobCount) {
    jobs.push(world.maker.make(`job-${jobs.length}`, world.clock.now()));
  }
  return new Map(jobs.map((job) => [job.name, job]));
}

/**
 * Troubles end; some hours later no job is declared any more; what waits has ten days to run, as
 * a rate may ask for, or less if nothing is left.
 */
async function quietEnd(world: SimWorld, troubles: Troubles): Promise<void> {
  troubles.end();
  await world.clock.runUntil(world.nowMs + 0.25 * day);
  world.isQuiet = true;
  if (world.life) world.life.hosts.isQuiet = true;
  const reactions = [...world.jobs.values()].filter(({ name }) => reactionJobs.includes(name));
  world.declare(new Map(reactions.map((job) => [job.name, job])));
  world.reload();
  const latestMs = world.nowMs + 10 * day;
  do await world.clock.runUntil(world.nowMs + 0.25 * day);
  while (world.nowMs < latestMs && world.ledger.unfinished().length > 0);
}
