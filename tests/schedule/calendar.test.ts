import { expect, test } from 'vitest';
import type { Calendar } from '../../src/schedule/calendar.ts';
import { nextWithShifts } from '../../src/schedule/calendar-occurrence.ts';
import { type CalendarRule, exclusionAt, shiftedTo } from '../../src/schedule/calendar-rule.ts';
import { dayNumber } from '../../src/schedule/civil-date.ts';
import { compileSchedule } from '../../src/schedule/compile-schedule.ts';
import { takeUp } from '../../src/schedule/take-up.ts';

const none = { days: [], yearly: [], weekdays: new Set<number>(), freezes: [] };
const weekend: Calendar = { ...none, name: 'weekend', weekdays: new Set([0, 6]) };
const christmas: Calendar = {
  ...none,
  name: 'christmas',
  yearly: [{ first: 12 * 32 + 24, last: 1 * 32 + 1 }],
};
const oneDay = (name: string, year: number, month: number, day: number): Calendar => {
  const number = dayNumber(year, month, day);
  return { ...none, name, days: [{ first: number, last: number }] };
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

test('a freeze names its owner and its reason, and ends on the minute', () => {
  const freeze = { from: at('2026-12-20T18:00:00Z'), until: at('2027-01-03T08:00:00Z') };
  const frozen: Calendar = {
    ...none,
    name: 'year-end',
    freezes: [{ ...freeze, owner: 'finance', reason: 'closing the books' }],
  };
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
  const never = { ...none, name: 'never', weekdays: new Set([0, 1, 2, 3, 4, 5, 6]) };
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
