import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { occurrencesBetween } from '../../src/schedule/occurrences-between.ts';
import type { Schedule, ScheduleDeclaration } from '../../src/schedule/schedule.ts';
import { isFull } from '../support/is-full.ts';
import { compiled, problemsOf } from './compiled.ts';
import { randomCron, randomFrom } from './oracle/random-cron.ts';
import { oddZones } from './oracle/zones.ts';

const numRuns = isFull ? 20_000 : 500;
const seed = Number(process.env.JOBSD_SEED ?? 20_261_120);
console.log(`properties of next occurrences: seed ${seed} (JOBSD_SEED)`);

const instants = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2099, 11, 31) });
const zones = fc.constantFrom(...oddZones);

const crons = fc
  .tuple(fc.integer({ min: 0 }), zones)
  .map(([from, timezone]): ScheduleDeclaration => {
    const random = randomFrom(from);
    const cron = Array.from({ length: 1 + random(2) }, () => randomCron(random));
    return { type: 'cron', cron, timezone };
  })
  .filter((declaration) => problemsOf(declaration).length === 0);

const intervals = fc
  .record({ days: fc.nat(40), hours: fc.nat(50), seconds: fc.nat(5000), timezone: zones })
  .map(
    ({ days, hours, seconds, timezone }): ScheduleDeclaration => ({
      type: 'interval',
      every: { days, hours, seconds: seconds + 1 },
      timezone,
    }),
  );

const schedules = fc.oneof(crons, intervals).map((declaration) => compiled(declaration));

test('an occurrence is always after the time asked for, and the next one after it', () => {
  fc.assert(
    fc.property(schedules, instants, fc.integer({ min: 0, max: 1e12 }), (schedule, after, age) => {
      const anchor = after - age;
      const next = nextOccurrence(schedule, after, anchor);
      if (next === undefined) return;
      expect(next).toBeGreaterThan(after);
      const following = nextOccurrence(schedule, next, anchor);
      if (following !== undefined) expect(following).toBeGreaterThan(next);
    }),
    { numRuns, seed },
  );
});

test('between two occurrences the next one does not change', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(schedules, instants, share, (schedule, after, part) => {
      const anchor = after - 1e9;
      const next = nextOccurrence(schedule, after, anchor);
      if (next === undefined) return;
      const between = Math.min(next - 1, Math.floor(after + (next - after) * part));
      expect(nextOccurrence(schedule, between, anchor)).toBe(next);
    }),
    { numRuns, seed },
  );
});

test('what a zone was asked before does not change its answers', () => {
  const schedule = compiled({ type: 'cron', cron: '30 2 * * *', timezone: 'America/Halifax' });
  const asked = [2026, 1975, 2090, 1918, 2026, 2150, 1971].map((year) => Date.UTC(year, 2, 1));
  const answers = asked.map((at) => nextOccurrence(schedule, at, 0));
  const inOtherOrder = [...asked].reverse().map((at) => nextOccurrence(schedule, at, 0));
  expect(inOtherOrder.reverse()).toEqual(answers);
});

test('occurrences between two instants are those that would have come one by one', () => {
  const spans = fc.integer({ min: 0, max: 40 * 86_400_000 });
  fc.assert(
    fc.property(schedules, instants, spans, fc.nat(5), (schedule, after, span, limit) => {
      const all = oneByOne(schedule, after, after + span);
      if (all === undefined) return;
      const between = occurrencesBetween(schedule, after, after + span, after - 5000, limit);
      expect(between.count).toBe(all.length);
      expect(between.newest).toEqual(limit === 0 ? [] : all.slice(-limit));
      expect([between.first, between.last]).toEqual([all[0], all.at(-1)]);
    }),
    { numRuns: numRuns / 5, seed },
  );
});

test.each([
  // One minute past midnight, so that what is repeated belongs to two dates.
  ['America/St_Johns', '2005-10-30T02:31Z', '2005-10-30T03:30Z'],
  ['America/St_Johns', '2005-04-03T03:31Z', '2005-04-04T02:30Z'],
  ['Antarctica/Troll', '2026-10-25T01:00Z', '2026-10-26T00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-30T10:00Z'],
])(
  'days near the change of clocks in %s at %s are counted one by one',
  (timezone, change, midnight) => {
    const days = 86_400_000;
    const upTo = Date.parse(change) + 6 * days;
    for (const gap of ['end', 'shift', 'skip'] as const)
      for (const overlap of ['first', 'second', 'both'] as const) {
        const cron = ['*/10 * * * *', '*/25 3 * * *'];
        const schedule = compiled({ type: 'cron', cron, timezone, dst: { gap, overlap } });
        for (const after of [Date.parse(change) - 6 * days, Date.parse(midnight) - 1]) {
          const all = oneByOne(schedule, after, upTo);
          const between = occurrencesBetween(schedule, after, upTo, 0, 3);
          expect([between.count, between.newest]).toEqual([all?.length, all?.slice(-3)]);
        }
      }
  },
);

/** Undefined when they are too many to be compared one by one. */
function oneByOne(schedule: Schedule, after: number, upTo: number): number[] | undefined {
  const all: number[] = [];
  let at = nextOccurrence(schedule, after, after - 5000);
  while (at !== undefined && at <= upTo) {
    if (all.push(at) > 50_000) return undefined;
    at = nextOccurrence(schedule, at, after - 5000);
  }
  return all;
}

test('a year of seconds is counted, and bounded by start and until', () => {
  const from = Date.UTC(2025, 0, 1);
  const upTo = Date.UTC(2026, 0, 1);
  const schedule = compiled({ type: 'cron', cron: '* * * * * *', timezone: 'Europe/Berlin' });
  const year = occurrencesBetween(schedule, from, upTo, 0, 2);
  expect(year).toEqual({
    count: 31_536_000,
    first: from + 1000,
    last: upTo,
    newest: [upTo - 1000, upTo],
  });
  const bounded = compiled({
    type: 'cron',
    cron: '* * * * * *',
    start: '2025-06-01T00:00Z',
    until: '2025-06-01T00:00:10Z',
  });
  expect(occurrencesBetween(bounded, from, upTo, 0, 0)).toMatchObject({ count: 10, newest: [] });
});

test('days of an interval are calendar days, as Temporal adds them', () => {
  const everyParts = fc.record({ days: fc.integer({ min: 1, max: 20 }), seconds: fc.nat(100_000) });
  fc.assert(
    fc.property(zones, instants, everyParts, fc.nat(300), (timezone, start, every, index) => {
      const begin = Temporal.Instant.fromEpochMilliseconds(start);
      const schedule = compiled({ type: 'interval', every, timezone, start: begin.toString() });
      const wanted = begin
        .toZonedDateTimeISO(timezone)
        .add({ days: every.days * index })
        .add({ seconds: every.seconds * index }).epochMilliseconds;
      expect(nextOccurrence(schedule, wanted - 1, 0)).toBe(wanted);
    }),
    { numRuns, seed },
  );
});

test('a manual job has no occurrences, and a one-time job one', () => {
  expect(nextOccurrence(compiled({ type: 'manual' }), 0, 0)).toBeUndefined();
  const once = compiled({ type: 'one-time', at: '2026-11-20T17:00:00.250Z' });
  const at = Date.UTC(2026, 10, 20, 17, 0, 0, 250);
  expect(nextOccurrence(once, at - 1, 0)).toBe(at);
  expect(nextOccurrence(once, at, 0)).toBeUndefined();
});

test('beyond the years it knows there is nothing, and asking takes no time', () => {
  const cron = compiled({ type: 'cron', cron: '@daily', timezone: 'Europe/Berlin' });
  const interval = compiled({ type: 'interval', every: '1d', timezone: 'Europe/Berlin' });
  for (const schedule of [cron, interval]) {
    expect(nextOccurrence(schedule, 8.64e15, 0)).toBeUndefined();
    expect(occurrencesBetween(schedule, 8e15, 8.64e15, 0, 3).count).toBe(0);
  }
  expect(nextOccurrence(cron, -8.64e15, 0)).toBeLessThan(Date.UTC(1900, 0, 2));
});
