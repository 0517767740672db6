import { expect, test } from 'vitest';
import { compileSchedule } from '../../../src/schedule/compile-schedule.ts';
import { nextOccurrence } from '../../../src/schedule/next-occurrence.ts';
import type { Schedule, ScheduleDeclaration } from '../../../src/schedule/schedule.ts';
import { isFull } from '../../support/is-full.ts';
import { walkClock } from './clock-walk.ts';
import { type DstPolicies, oracleFires } from './oracle-fires.ts';
import { type Random, randomCron, randomFrom } from './random-cron.ts';
import { transitionsOf } from './transitions.ts';
import { oddZones } from './zones.ts';

const rounds = isFull ? 20 : 1;
const expressionsPerRound = isFull ? 500 : 15;
const reachDays = 3;
const seed = Number(process.env.JOBSD_SEED ?? 20_261_120);
const day = 86_400;

/**
 * A test for each of the odd zones in these parts of the world. They are in several files, so that
 * several workers share them; a zone has the same expressions in whatever file it is.
 */
export function testZones(...parts: readonly string[]): void {
  const zones = oddZones.filter((zone) => parts.includes(zone.split('/')[0] ?? ''));
  test.each(zones)(
    'random expressions fire in %s exactly when the oracle says',
    (zone) => {
      console.log(`oracle: zone ${zone}, seed ${seed} (JOBSD_SEED)`);
      const random = randomFrom(seed ^ oddZones.indexOf(zone));
      const changes = transitionsOf(zone);
      for (let round = 0; round < rounds; round++) checkRound(zone, changes, random);
    },
    isFull ? 600_000 : 60_000,
  );
}

function checkRound(zone: string, changes: readonly number[], random: Random): void {
  const centre = Math.floor(interestingSecond(random, changes) / 60) * 60;
  const walk = walkClock(zone, centre - reachDays * day, centre + reachDays * day, 60);
  for (let index = 0; index < expressionsPerRound; index++) {
    const cron = onTheDate(randomCron(random), random, zone, centre);
    const dst = randomPolicies(random);
    const schedule = compiled({ type: 'cron', cron, timezone: zone, dst });
    if (schedule === undefined) continue;
    const from = centre - (reachDays - 1) * day;
    const until = centre + (reachDays - 1) * day;
    const wanted = oracleFires(cron, walk, 60, from, until, dst);
    const what = `${cron} in ${zone} around ${new Date(centre * 1000).toISOString()}, ${JSON.stringify(dst)}`;
    const fired = firesBetween(schedule, from, until, wanted.length);
    expect(difference(fired, wanted), what).toEqual('');
  }
}

function interestingSecond(random: Random, changes: readonly number[]): number {
  const change = changes[random(changes.length)];
  return change === undefined || random(10) === 0
    ? random(4_102_444_800)
    : change + random(3) * day;
}

/** A quarter of them only on one date near the change: what comes next is then a year away. */
function onTheDate(cron: string, random: Random, zone: string, centre: number): string {
  if (random(4) > 0) return cron;
  const near = Temporal.Instant.fromEpochMilliseconds(centre * 1000)
    .toZonedDateTimeISO(zone)
    .subtract({ days: random(2) });
  const times = cron.trim().split(/\s+/).slice(0, -3).join(' ');
  return `${times} ${near.day} ${near.month} *`;
}

function randomPolicies(random: Random): DstPolicies {
  const gap = (['end', 'shift', 'skip', undefined, undefined, undefined] as const)[random(6)];
  const overlap = (['first', 'second', 'both', undefined, undefined, undefined] as const)[
    random(6)
  ];
  return { ...(gap && { gap }), ...(overlap && { overlap }) };
}

/** Undefined for the few random expressions that name no date. */
function compiled(declaration: ScheduleDeclaration): Schedule | undefined {
  const result = compileSchedule(declaration, { jobName: 'job', timezone: 'UTC' });
  if (result.ok) return result.schedule;
  expect(result.problems.map(({ rule }) => rule)).toEqual(['cron-never-fires']);
  return undefined;
}

function firesBetween(schedule: Schedule, from: number, until: number, wanted: number): number[] {
  const fires: number[] = [];
  let at = nextOccurrence(schedule, from * 1000 - 1, 0);
  while (at !== undefined && at < until * 1000 && fires.length <= wanted) {
    fires.push(at / 1000);
    at = nextOccurrence(schedule, at, 0);
  }
  return fires;
}

/** The first difference, in words: comparing and printing thousands of numbers is slow. */
function difference(got: readonly number[], wanted: readonly number[]): string {
  const iso = (at: number | undefined) => at && new Date(at * 1000).toISOString();
  for (let index = 0; index < Math.max(got.length, wanted.length); index++)
    if (got[index] !== wanted[index])
      return `number ${index}: got ${iso(got[index])}, wanted ${iso(wanted[index])}`;
  return '';
}
