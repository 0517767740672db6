import { expect, test } from 'vitest';
import { movedFrom, movedTo, nextWithShifts } from '../../src/schedule/calendar-occurrence.ts';
import { type CalendarRule, exclusionAt, shiftedTo } from '../../src/schedule/calendar-rule.ts';
import { dayNumber } from '../../src/schedule/civil-date.ts';
import { compileSchedule } from '../../src/schedule/compile-schedule.ts';
import { takeUp } from '../../src/schedule/take-up.ts';
import { aCalendar } from '../support/a-calendar.ts';

const weekend = aCalendar({ name: 'weekend', weekdays: new Set([0, 6]) });
const christmas = aCalendar({
  name: 'christmas',
  yearly: [{ first: 12 * 32 + 24, last: 1 * 32 + 1 }],
});
const oneDay = (name: string, year: number, month: number, day: number) => {
  const number = dayNumber(year, month, day);
  return aCalendar({ name, days: [{ first: number, last: number }] });
};
const rule = (fields: Partial<CalendarRule>): CalendarRule => ({
  only: [],
  except: [],
  timezone: 'Europe/Athens',
  ...fields,
});
const at = (text: string) => Date.parse(text);
const iso = (instant: number | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString();

function daily(cron = '0 9 * * *') {
  const declaration = { type: 'cron', cron, timezone: 'Europe/Athens' } as const;
  const compiled = compileSchedule(declaration, { jobName: 'job', timezone: 'UTC' });
  if (!compiled.ok) throw new Error('does not compile');
  return compiled.schedule;
}

function fires(calendars: CalendarRule, from: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let after = at(from);
  while (found.length < count) {
    const next = nextWithShifts(daily(), calendars, after, 0);
    if (next === undefined) break;
    if (exclusionAt(calendars, next) === undefined) found.push(iso(next)?.slice(0, 13));
    after = next;
  }
  return found;
}

test('a calendar is read in the zone of the job', () => {
  const holiday = rule({ except: [oneDay('day', 2026, 12, 25)] });
  expect(exclusionAt(holiday, at('2026-12-24T22:30:00Z'))).toBe('calendar day (2026-12-25)');
  expect(exclusionAt(holiday, at('2026-12-25T22:30:00Z'))).toBeUndefined();
});

test('only lets through what lies in one of its calendars', () => {
  const days = rule({ only: [weekend, christmas] });
  expect(exclusionAt(days, at('2026-11-21T12:00:00Z'))).toBeUndefined();
  expect(exclusionAt(days, at('2026-12-24T12:00:00Z'))).toBeUndefined();
  expect(exclusionAt(days, at('2026-11-20T12:00:00Z'))).toBe(
    'not in calendar weekend or christmas',
  );
});

test('yearly days may go over the new year', () => {
  const closed = rule({ except: [christmas] });
  expect(exclusionAt(closed, at('2031-01-01T12:00:00Z'))).toBe('calendar christmas (2031-01-01)');
  expect(exclusionAt(closed, at('2031-01-02T12:00:00Z'))).toBeUndefined();
});

test('an event of a calendar file is one for every zone, or one of each zone', () => {
  const [from, until] = [at('2026-12-24T12:00:00Z'), at('2026-12-24T18:00:00Z')];
  const event = { from, until, words: 'closing early' };
  const fixed = rule({ except: [aCalendar({ name: 'a', events: [event] })] });
  const floating = rule({ except: [aCalendar({ name: 'a', localEvents: [event] })] });
  // Athens is two hours ahead.
  expect(exclusionAt(fixed, until - 1)).toBe('calendar a (closing early)');
  expect(exclusionAt(fixed, until)).toBeUndefined();
  expect(exclusionAt(floating, from - 7_200_001)).toBeUndefined();
  expect(exclusionAt(floating, from - 7_200_000)).toBe('calendar a (closing early)');
});

test('a day is found among thousands, with what its calendar file calls it', () => {
  const days = Array.from({ length: 5000 }, (_, index) => ({ first: index * 3, last: index * 3 }));
  const third = rule({ except: [aCalendar({ name: 'a', days })], timezone: 'UTC' });
  for (const day of [0, 3, 7500, 14_997]) {
    expect(exclusionAt(third, day * 86_400_000)).toBeDefined();
    expect(exclusionAt(third, (day + 1) * 86_400_000)).toBeUndefined();
    expect(exclusionAt(third, (day - 1) * 86_400_000)).toBeUndefined();
  }
  const named = [{ first: 1, last: 3, words: 'New Year' }];
  const holidays = rule({ except: [aCalendar({ name: 'a', days: named })], timezone: 'UTC' });
  expect(exclusionAt(holidays, 86_400_000)).toBe('calendar a (1970-01-02, New Year)');
});

test('a freeze names its owner and its reason, and ends on the minute', () => {
  const freeze = { from: at('2026-12-20T18:00:00Z'), until: at('2027-01-03T08:00:00Z') };
  const frozen = aCalendar({
    name: 'year-end',
    freezes: [{ ...freeze, owner: 'finance', reason: 'closing the books' }],
  });
  const utc = rule({ except: [frozen], timezone: 'UTC' });
  expect(exclusionAt(utc, at('2027-01-03T07:59:00Z'))).toBe(
    'calendar year-end (freeze, closing the books, owner finance)',
  );
  expect(exclusionAt(utc, at('2027-01-03T08:00:00Z'))).toBeUndefined();
});

test('shift next moves Saturday and Sunday to one run on Monday', () => {
  const moved = rule({ except: [weekend], shift: 'next' });
  expect(iso(shiftedTo(moved, at('2026-11-21T07:00:00Z')))).toBe('2026-11-23T07:00:00.000Z');
  expect(fires(moved, '2026-11-20T00:00:00Z', 4)).toEqual([
    '2026-11-20T07',
    '2026-11-23T07',
    '2026-11-24T07',
    '2026-11-25T07',
  ]);
});

test('shift previous moves back, and finds the target before its occurrence comes', () => {
  const saturdays = { ...daily('0 9 * * SAT') };
  const moved = rule({ except: [weekend], shift: 'previous' });
  const next = nextWithShifts(saturdays, moved, at('2026-11-16T00:00:00Z'), 0);
  expect(iso(next)).toBe('2026-11-20T07:00:00.000Z');
  const following = nextWithShifts(saturdays, moved, at('2026-11-21T08:00:00Z'), 0);
  expect(iso(following)).toBe('2026-11-27T07:00:00.000Z');
});

test('a shift keeps the local time over a clock change', () => {
  const moved = rule({ except: [oneDay('sunday', 2026, 10, 25)], shift: 'next' });
  // Athens leaves summer time on that Sunday: 09:00 is 06:00Z before and 07:00Z after it.
  expect(iso(shiftedTo(moved, at('2026-10-25T07:00:00Z')))).toBe('2026-10-26T07:00:00.000Z');
});

test('what no day within a month can take is not moved', () => {
  const never = aCalendar({ name: 'never', weekdays: new Set([0, 1, 2, 3, 4, 5, 6]) });
  expect(shiftedTo(rule({ except: [never], shift: 'next' }), 0)).toBeUndefined();
});

test('an outage over a weekend catches up the last allowed occurrence, and records the rest apart', () => {
  const taken = takeUp({
    schedule: daily(),
    progress: { cursorAt: at('2026-11-18T08:00:00Z'), anchorAt: 0, occurrences: 10 },
    now: at('2026-11-22T12:00:00Z'),
    gapEndAt: at('2026-11-22T12:00:00Z'),
    catchUp: { mode: 'latest', limit: 100, windowMs: 7 * 86_400_000 },
    plan: (nominal) => nominal,
    calendars: rule({ except: [weekend] }),
  });
  expect(taken.fire.map((occurrence) => [iso(occurrence.nominalAt), occurrence.number])).toEqual([
    ['2026-11-20T07:00:00.000Z', 12],
  ]);
  expect(taken.missed).toMatchObject({ firstAt: at('2026-11-19T07:00:00Z'), count: 1 });
  expect(taken.excluded?.map(({ reason, count }) => [reason, count])).toEqual([
    ['calendar weekend (Saturday)', 1],
    ['calendar weekend (Sunday)', 1],
  ]);
  expect(taken.progress.occurrences).toBe(14);
});

test('a moved occurrence never leaves the bounds of its schedule', () => {
  const until = at('2026-11-23T00:00:00Z');
  const bounded = { ...daily('0 9 * * SAT'), untilAt: until };
  const moved = rule({ except: [weekend], shift: 'next' });
  expect(nextWithShifts(bounded, moved, at('2026-11-21T08:00:00Z'), 0)).toBeUndefined();
  const started = { ...daily('0 9 * * SAT'), startAt: at('2026-11-21T00:00:00Z') };
  const back = rule({ except: [weekend], shift: 'previous' });
  expect(movedTo(started, back, at('2026-11-21T07:00:00Z'))).toBeUndefined();
  expect(iso(movedTo(started, back, at('2026-11-28T07:00:00Z')))).toBe('2026-11-27T07:00:00.000Z');
});

test('where a fire was moved from is known, the nearest of several', () => {
  const saturdays = daily('0 9 * * SAT,SUN');
  const moved = rule({ except: [weekend], shift: 'next' });
  expect(movedFrom(saturdays, moved, at('2026-11-23T07:00:00Z'), 0)).toEqual({
    from: at('2026-11-22T07:00:00Z'),
    reason: 'calendar weekend (Sunday)',
  });
  expect(movedFrom(daily(), moved, at('2026-11-23T07:00:00Z'), 0)).toBeUndefined();
  const back = rule({ except: [weekend], shift: 'previous' });
  expect(movedFrom(saturdays, back, at('2026-11-20T07:00:00Z'), 0)).toMatchObject({
    from: at('2026-11-21T07:00:00Z'),
  });
});

test('a target that the clock moves into a forbidden hour goes on to the next day', () => {
  const freeze = { from: at('2026-03-29T03:00:00Z'), until: at('2026-03-29T06:00:00Z') };
  const frozen = aCalendar({ name: 'change', freezes: [freeze] });
  const moved = rule({
    except: [frozen, oneDay('saturday', 2026, 3, 28)],
    shift: 'next',
    timezone: 'Europe/Berlin',
  });
  // Berlin has no 02:30 on that Sunday: it would be 03:30, within the freeze.
  expect(iso(shiftedTo(moved, at('2026-03-28T01:30:00Z')))).toBe('2026-03-30T00:30:00.000Z');
});

test('repeats counts a moved occurrence once, where it goes', () => {
  const monthly = { ...daily('0 9 1 * *'), repeats: 3 };
  const take = (from: string, now: string, occurrences: number) =>
    takeUp({
      schedule: monthly,
      progress: { cursorAt: at(from), anchorAt: 0, occurrences },
      now: at(now),
      gapEndAt: at(from),
      catchUp: { mode: 'none', limit: 0 },
      plan: (nominal) => nominal,
      calendars: rule({ except: [weekend], shift: 'next' }),
    });
  // 2026-08-01 is a Saturday, 2026-11-01 a Sunday.
  const taken = take('2026-07-15T00:00:00Z', '2026-12-31T00:00:00Z', 0);
  expect(taken.fire.map(({ nominalAt, number }) => [iso(nominalAt)?.slice(0, 10), number])).toEqual(
    [
      ['2026-08-03', 1],
      ['2026-09-01', 2],
      ['2026-10-01', 3],
    ],
  );
  expect(taken.next).toBeUndefined();
});

test('a long outage of a job that shifts is looked through once', () => {
  let looks = 0;
  for (const shift of ['next', 'previous'] as const) {
    const calendars: CalendarRule = {
      only: [],
      get except() {
        looks += 1;
        return [weekend];
      },
      shift,
      timezone: 'Europe/Athens',
    };
    const [cursorAt, now] = [at('2026-01-01T00:00:00Z'), at('2026-07-01T00:00:00Z')];
    const taken = takeUp({
      schedule: daily('0 * * * *'),
      progress: { cursorAt, anchorAt: cursorAt, occurrences: 0 },
      now,
      gapEndAt: now,
      catchUp: { mode: 'latest', limit: 100 },
      plan: (nominalAt) => nominalAt,
      calendars,
    });
    const hours = (now - cursorAt) / 3_600_000;
    expect(taken.progress.cursorAt).toBe(now);
    expect(looks).toBeLessThan(8 * hours);
    looks = 0;
  }
});
