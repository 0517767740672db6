import { expect, test } from 'vitest';
import type { CalendarRule } from '../../src/schedule/calendar-rule.ts';
import { clockChangeEffects } from '../../src/schedule/clock-change-effects.ts';
import type { ScheduleDeclaration } from '../../src/schedule/schedule.ts';
import { compiled } from './compiled.ts';

const timezone = 'Europe/Berlin';
/** With the changes of 28 March and 31 October, both Sundays. */
const year2027 = { after: Date.UTC(2027, 0), upTo: Date.UTC(2028, 0), anchor: 0 };

const empty = { days: [], yearly: [], freezes: [], events: [], localEvents: [] };
const sundays = { ...empty, name: 'sundays', key: 'sundays', weekdays: new Set([0]) };
const march28 = Date.UTC(2027, 2, 28);
const beforeTwo = { from: march28, until: march28 + 2 * 3_600_000 + 900_000 };
const freeze = { ...empty, name: 'f', key: 'f', weekdays: new Set<number>(), freezes: [beforeTwo] };

function rule(calendars: Partial<CalendarRule>): CalendarRule {
  return { only: [], except: [], timezone, ...calendars };
}

function effectsOf(declaration: object, calendars?: CalendarRule) {
  const schedule = compiled({ ...declaration, timezone } as ScheduleDeclaration);
  return clockChangeEffects(schedule, { ...year2027, ...(calendars && { calendars }) }).map(
    ({ kind, count }) => `${kind} ${count}`,
  );
}

const atHalfPastTwo = { type: 'cron', cron: '30 2 * * *' };

test('a change on a day that calendars exclude does nothing', () => {
  expect(effectsOf(atHalfPastTwo)).toEqual(['moved 1', 'first 1']);
  expect(effectsOf(atHalfPastTwo, rule({ except: [sundays] }))).toEqual([]);
  expect(effectsOf({ type: 'cron', cron: '*/30 * * * *' }, rule({ except: [sundays] }))).toEqual(
    [],
  );
  const daily = { type: 'interval', every: '1d', start: '2027-01-01 02:30' };
  expect(effectsOf(daily)).toEqual(['moved 1', 'first 1']);
  expect(effectsOf(daily, rule({ except: [sundays] }))).toEqual([]);
});

test('a change on a day that calendars allow is told, and only the times they allow', () => {
  expect(effectsOf(atHalfPastTwo, rule({ only: [sundays] }))).toEqual(['moved 1', 'first 1']);
  const shifted = { type: 'cron', cron: '0,10,20 2 * * *', dst: { gap: 'shift' } };
  expect(effectsOf(shifted, rule({ except: [freeze] }))).toEqual(['moved 3', 'first 3']);
  const atThree = { ...freeze, freezes: [{ ...beforeTwo, until: beforeTwo.until + 3_600_000 }] };
  expect(effectsOf(shifted, rule({ except: [atThree] }))).toEqual(['moved 1', 'first 3']);
});
