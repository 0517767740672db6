import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Calendar, FreezeWindow, TimedEvent } from '../../src/schedule/calendar.ts';
import { type CalendarRule, exclusionAt } from '../../src/schedule/calendar-rule.ts';
import { nextAllowed } from '../../src/schedule/next-by-calendar.ts';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { takeUp } from '../../src/schedule/take-up.ts';
import { isFull } from '../support/is-full.ts';
import { compiled } from './compiled.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

test(`the seed of this run is ${seed}`, () => {});

// St John's went back from 00:01 to 23:01 of the day before, Havana from 01:00 to 00:00, Cairo goes
// forward at midnight, and Apia left out a day.
const places = [
  ['America/St_Johns', '2010-10-25'],
  ['America/Havana', '2026-10-20'],
  ['Africa/Cairo', '2026-04-18'],
  ['Pacific/Apia', '2011-12-18'],
  ['Australia/Lord_Howe', '2026-03-25'],
  ['Europe/Berlin', '2026-12-20'],
] as const;

const schedules = fc.oneof(
  fc.constantFrom('0 */7 * * * *', '*/10 * * * *', '0 * * * *', '30 2 * * *', '0 6,18 * * 1-5'),
  fc.integer({ min: 300, max: 90_000 }),
);

/** Hours from the first day on: where something begins, and how long it takes. */
const spans = fc.array(fc.tuple(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 60 })), {
  maxLength: 3,
});

const cases = fc.record({
  place: fc.constantFrom(...places),
  scheduled: schedules,
  freezes: spans,
  events: spans,
  days: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
  weekdays: fc.array(fc.nat({ max: 6 }), { maxLength: 3 }),
  isOnly: fc.boolean(),
  mode: fc.constantFrom('none', 'latest', 'all'),
  limit: fc.integer({ min: 1, max: 700 }),
  windowDays: fc.integer({ min: 1, max: 30 }),
  hours: fc.integer({ min: 1, max: 480 }),
  onTimeHours: fc.nat({ max: 5 }),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function ruleOf({ place: [timezone, first], ...written }: Case): CalendarRule {
  const local = Date.parse(`${first}T00:00:00Z`);
  const span = ([from, hours]: readonly [number, number]) => ({
    from: local + from * hourMs,
    until: local + (from + hours) * hourMs,
  });
  const freezes: FreezeWindow[] = written.freezes.map(span);
  const events: TimedEvent[] = [];
  for (const each of written.events.map(span).sort((a, b) => a.from - b.from)) {
    if (each.from >= (events.at(-1)?.until ?? 0)) events.push({ ...each, words: 'an event' });
  }
  const calendar: Calendar = {
    name: 'one',
    key: 'one',
    days: [...new Set(written.days)]
      .sort((a, b) => a - b)
      .map((day) => ({ first: local / dayMs + day, last: local / dayMs + day })),
    yearly: [],
    weekdays: new Set(written.weekdays),
    freezes,
    events: events.filter((_, index) => index % 2 === 0),
    localEvents: events.filter((_, index) => index % 2 === 1),
  };
  const only = written.isOnly ? [calendar] : [];
  return { only, except: written.isOnly ? [] : [calendar], timezone };
}

function scheduleOf({ scheduled, place: [timezone] }: Case) {
  return typeof scheduled === 'string'
    ? compiled({ type: 'cron', cron: scheduled, timezone })
    : compiled({ type: 'interval', every: `${scheduled}s`, timezone });
}

test('what a long gap held is what is found by looking at each occurrence', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const [schedule, calendars] = [scheduleOf(one), ruleOf(one)];
      const cursorAt = Date.parse(`${one.place[1]}T00:00:00Z`) + 12_345;
      const gapEndAt = cursorAt + one.hours * hourMs;
      const now = gapEndAt + one.onTimeHours * hourMs;
      const taken = takeUp({
        schedule,
        progress: { cursorAt, anchorAt: cursorAt, occurrences: 3 },
        now,
        gapEndAt,
        catchUp: { mode: one.mode, limit: one.limit, windowMs: one.windowDays * dayMs },
        plan: (nominal) => nominal,
        calendars,
      });

      const all: { nominalAt: number; number: number; reason: string | undefined }[] = [];
      let at = nextOccurrence(schedule, cursorAt, cursorAt);
      for (; at !== undefined && at <= now; at = nextOccurrence(schedule, at, cursorAt)) {
        all.push({ nominalAt: at, number: all.length + 4, reason: exclusionAt(calendars, at) });
      }
      const allowed = all.filter(({ reason }) => reason === undefined);
      const old = allowed.filter(({ nominalAt }) => nominalAt <= gapEndAt);
      const wanted = { none: 0, latest: 1, all: one.limit }[one.mode];
      const openStart = gapEndAt - one.windowDays * dayMs;
      const caughtUp = old
        .slice(Math.max(old.length - wanted, 0))
        .filter((each) => each.nominalAt > openStart);
      const missed = old.slice(0, old.length - caughtUp.length).map(({ nominalAt }) => nominalAt);
      const fires = [...caughtUp, ...allowed.slice(old.length)];
      expect(taken.fire.map(({ nominalAt, number }) => [nominalAt, number])).toEqual(
        fires.map(({ nominalAt, number }) => [nominalAt, number]),
      );
      expect([taken.missed?.firstAt, taken.missed?.lastAt, taken.missed?.count ?? 0]).toEqual([
        missed[0],
        missed.at(-1),
        missed.length,
      ]);
      const stretches: [string, number, number, number][] = [];
      for (const { nominalAt, reason } of all) {
        const last = stretches.at(-1);
        if (reason === undefined) continue;
        if (last?.[0] === reason) [last[2], last[3]] = [nominalAt, last[3] + 1];
        else stretches.push([reason, nominalAt, nominalAt, 1]);
      }
      expect(
        (taken.excluded ?? []).map((each) => [each.reason, each.firstAt, each.lastAt, each.count]),
      ).toEqual(stretches);
      expect(taken.next?.nominalAt).toBe(at);
      expect(taken.progress).toMatchObject({
        cursorAt: all.at(-1)?.nominalAt ?? cursorAt,
        occurrences: 3 + all.length,
      });
    }),
    { seed, numRuns: isFull ? 2000 : 150 },
  );
});

test('a job of every second comes back from a year of outage, and out of a freeze of weeks, at once', () => {
  const schedule = compiled({ type: 'cron', cron: '* * * * * *', timezone: 'Europe/Berlin' });
  const from = Date.parse('2025-11-01T00:00:00Z');
  const freeze = {
    from: Date.parse('2026-10-01T08:00:00Z'),
    until: Date.parse('2026-10-29T09:30:00Z'),
  };
  const weekends: Calendar = {
    name: 'quiet',
    key: 'quiet',
    days: [],
    yearly: [],
    weekdays: new Set([0, 6]),
    freezes: [freeze],
    events: [],
    localEvents: [],
  };
  const calendars: CalendarRule = { only: [], except: [weekends], timezone: 'Europe/Berlin' };
  const now = from + 365 * dayMs;
  const {
    missed,
    excluded = [],
    fire,
    progress,
  } = takeUp({
    schedule,
    progress: { cursorAt: from, anchorAt: from, occurrences: 0 },
    now,
    gapEndAt: now,
    catchUp: { mode: 'latest', limit: 1 },
    plan: (nominal) => nominal,
    calendars,
  });
  const skipped = excluded.reduce((sum, { count }) => sum + count, 0);
  expect((missed?.count ?? 0) + fire.length + skipped).toBe(365 * 86_400);
  expect(progress).toEqual({ cursorAt: now, anchorAt: from, occurrences: 365 * 86_400 });
  const frozenAt = Date.parse('2026-10-02T00:00:00Z');
  expect(nextAllowed(schedule, calendars, frozenAt, from)).toBe(Date.parse('2026-10-29T08:30:00Z'));
});
