import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { parseIcs } from '../../src/config/calendar/ics/parse-ics.ts';
import { readRecurrenceRule } from '../../src/config/calendar/ics/recurrence-rule.ts';
import { recurringDays } from '../../src/config/calendar/ics/recurring-days.ts';
import { dayNumber, packedDate } from '../../src/schedule/civil-date.ts';
import { isFull } from '../support/is-full.ts';

const event = (...lines: readonly string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];

function parse(...lines: readonly string[]) {
  return parseIcs(['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n'));
}

const iso = (at: number) => new Date(at).toISOString();

function dateText(day: number): string {
  const packed = packedDate(day);
  const parts = [Math.floor(packed / 512), Math.floor(packed / 32) % 16, packed % 32];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}

/** The days of a file, ranges as `first..last`. */
function days(...lines: readonly string[]): readonly string[] {
  const { days: ranges, problems } = parse(...lines);
  expect(problems).toEqual([]);
  return ranges.map(({ first, last }) =>
    first === last ? dateText(first) : `${dateText(first)}..${dateText(last)}`,
  );
}

test('an event of whole days ends the day before its DTEND', () => {
  expect(days(...event('DTSTART;VALUE=DATE:20261225'))).toEqual(['2026-12-25']);
  expect(days(...event('DTSTART:20261225', 'DTEND;VALUE=DATE:20261227'))).toEqual([
    '2026-12-25..2026-12-26',
  ]);
  // Some programs end an event of one day on that day.
  expect(days(...event('DTSTART:20261225', 'DTEND:20261225'))).toEqual(['2026-12-25']);
  expect(days(...event('DTSTART;VALUE=DATE:20261225', 'DURATION:P2W'))).toEqual([
    '2026-12-25..2027-01-07',
  ]);
});

test('an event is named by its SUMMARY, on one line', () => {
  const summary = ['SUMMARY:Christmas\\, the first\\n', ' day of it'];
  const { days: found } = parse(...event('DTSTART:20261225', ...summary));
  expect(found).toMatchObject([{ words: 'Christmas, the first day of it' }]);
});

test('events with a time are instants where they name a zone, and local time where they do not', () => {
  const { events, localEvents } = parse(
    ...event('DTSTART:20261224T120000Z', 'DTEND:20261224T180000Z', 'SUMMARY:utc'),
    ...event('DTSTART;TZID=Europe/Athens:20260701T090000', 'DURATION:PT1H30M', 'SUMMARY:athens'),
    ...event('DTSTART:20261231T220000', 'DTEND:20270101T020000'),
    ...event('DTSTART:20261130T220000Z', 'SUMMARY:no length'),
  );
  const readable = (list: typeof events) =>
    list.map(({ from, until, words }) => [iso(from), iso(until), words]);
  expect(readable(events)).toEqual([
    ['2026-07-01T06:00:00.000Z', '2026-07-01T07:30:00.000Z', 'athens'],
    ['2026-12-24T12:00:00.000Z', '2026-12-24T18:00:00.000Z', 'utc'],
  ]);
  expect(readable(localEvents)).toEqual([
    ['2026-12-31T22:00:00.000Z', '2027-01-01T02:00:00.000Z', 'an event'],
  ]);
});

test('a zone is known by a prefixed name, and by the place that its VTIMEZONE names', () => {
  const zone = ['BEGIN:VTIMEZONE', 'TZID:W. Europe', 'X-LIC-LOCATION:Europe/Berlin'];
  const { events, problems } = parse(
    ...zone,
    'END:VTIMEZONE',
    ...event('DTSTART;TZID="W. Europe":20260701T090000', 'DURATION:PT1H'),
    ...event('DTSTART;TZID=/example.org/2026/Europe/Athens:20260701T120000', 'DURATION:PT1H'),
  );
  expect(problems).toEqual([]);
  expect(events.map(({ from }) => iso(from))).toEqual([
    '2026-07-01T07:00:00.000Z',
    '2026-07-01T09:00:00.000Z',
  ]);
});

test('an event that repeats keeps its local time when clocks change', () => {
  const { events } = parse(
    ...event(
      'DTSTART;TZID=Europe/Berlin:20261024T090000',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;COUNT=3',
    ),
  );
  expect(events.map(({ from }) => iso(from))).toEqual([
    '2026-10-24T07:00:00.000Z',
    '2026-10-25T08:00:00.000Z',
    '2026-10-26T08:00:00.000Z',
  ]);
});

test('repetitions end with COUNT, with UNTIL included, or with the year 2100', () => {
  const yearly = (more: string) =>
    days(...event('DTSTART;VALUE=DATE:20261225', `RRULE:FREQ=YEARLY${more}`));
  expect(yearly(';COUNT=2')).toEqual(['2026-12-25', '2027-12-25']);
  expect(yearly(';UNTIL=20281225')).toEqual(['2026-12-25', '2027-12-25', '2028-12-25']);
  expect(yearly('').at(-1)).toBe('2100-12-25');
  const { events } = parse(
    ...event(
      'DTSTART;TZID=America/New_York:20261201T090000',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;UNTIL=20261203T140000Z',
    ),
  );
  expect(events).toHaveLength(3);
});

test('a rule from before 1970 gives its days from then on', () => {
  const found = days(...event('DTSTART;VALUE=DATE:16040229', 'RRULE:FREQ=YEARLY'));
  expect(found.slice(0, 2)).toEqual(['1972-02-29', '1976-02-29']);
});

test('EXDATE takes out each of its days, those included that are none of the rule', () => {
  const weekly = (...more: readonly string[]) =>
    days(...event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=WEEKLY;COUNT=4', ...more));
  expect(weekly('EXDATE;VALUE=DATE:20260102,20260108', 'EXDATE;VALUE=DATE:20260122')).toEqual([
    '2026-01-01',
    '2026-01-15',
  ]);
  const { events } = parse(
    ...event(
      'DTSTART;TZID=Europe/Athens:20260105T090000',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;COUNT=4',
      'EXDATE:20260106T070000Z',
      'EXDATE;TZID=Europe/Athens:20260107T090000',
      'EXDATE;VALUE=DATE:20260108',
    ),
  );
  expect(events.map(({ from }) => iso(from))).toEqual(['2026-01-05T07:00:00.000Z']);
});

test('RDATE adds days, a moved repetition takes the place of its own, a cancelled one goes', () => {
  const found = days(
    ...event('UID:a', 'DTSTART:20260101', 'RRULE:FREQ=DAILY;COUNT=3', 'RDATE;VALUE=DATE:20260201'),
    ...event('UID:a', 'RECURRENCE-ID;VALUE=DATE:20260102', 'DTSTART;VALUE=DATE:20260110'),
    ...event('UID:a', 'RECURRENCE-ID:20260103', 'DTSTART:20260103', 'STATUS:CANCELLED'),
    ...event('UID:b', 'DTSTART;VALUE=DATE:20260301', 'STATUS:CANCELLED'),
  );
  expect(found).toEqual(['2026-01-01', '2026-01-10', '2026-02-01']);
});

test('days that overlap or touch are one, and the name of a day is kept', () => {
  expect(
    days(
      ...event('DTSTART:20260102', 'DTEND:20260105'),
      ...event('DTSTART:20260101', 'DTEND:20260103'),
      ...event('DTSTART:20260105'),
    ),
  ).toEqual(['2026-01-01..2026-01-05']);
  const { days: named } = parse(
    ...event('DTSTART:20260101', 'DTEND:20260104'),
    ...event('DTSTART:20260101', 'SUMMARY:New Year'),
  );
  expect(named.map(({ words }) => words)).toEqual(['New Year', undefined]);
});

test('tasks, journals and several calendars in one file are no trouble', () => {
  const todo = ['BEGIN:VTODO', 'DUE:20260101', 'END:VTODO', 'END:VCALENDAR', 'BEGIN:VCALENDAR'];
  expect(days(...event('DTSTART:20260101'), ...todo, ...event('DTSTART:20260301'))).toEqual([
    '2026-01-01',
    '2026-03-01',
  ]);
});

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const some = <Value>(values: fc.Arbitrary<Value>) =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 });
const optional = (name: string, values: fc.Arbitrary<readonly unknown[]>) =>
  fc.option(
    values.map((list) => `;${name}=${list.join(',')}`),
    { nil: '' },
  );
const signed = (most: number) =>
  fc.integer({ min: -most, max: most }).filter((number) => number !== 0);
const months = optional('BYMONTH', some(fc.integer({ min: 1, max: 12 })));
const plainDays = some(fc.constantFrom(...weekdays));
const nthDays = some(
  fc.tuple(fc.constantFrom(-1, 1, 2, 3), fc.constantFrom(...weekdays)).map((day) => day.join('')),
);
const rules = fc
  .oneof(
    fc.tuple(fc.constant('FREQ=DAILY'), months, optional('BYDAY', plainDays)),
    fc.tuple(fc.constant('FREQ=WEEKLY'), optional('BYDAY', plainDays)),
    fc.tuple(fc.constant('FREQ=MONTHLY'), optional('BYMONTHDAY', some(signed(28)))),
    fc.tuple(fc.constant('FREQ=MONTHLY'), optional('BYDAY', nthDays)),
    fc.tuple(fc.constant('FREQ=YEARLY'), months),
    fc.tuple(fc.constant('FREQ=YEARLY;BYMONTH=5,11'), optional('BYDAY', nthDays)),
    fc.tuple(fc.constant('FREQ=YEARLY;BYMONTH=2'), optional('BYMONTHDAY', some(signed(28)))),
  )
  .map((parts) => parts.join(''));

test('rules choose the same days as the library chooses', () => {
  const firstDays = fc.integer({ min: dayNumber(1990, 1, 1), max: dayNumber(2030, 12, 31) });
  fc.assert(
    fc.property(rules, fc.integer({ min: 1, max: 4 }), firstDays, (parts, interval, seed) => {
      const written = `${parts};INTERVAL=${interval};WKST=MO`;
      const read = readRecurrenceRule(ICAL.Recur.fromString(written).toJSON());
      if (!read.ok) throw new Error(read.message);
      // From a day that the rule has: of others the two may differ, and RFC 5545 leaves it open.
      const [, firstDay = seed] = recurringDays({ ...read.rule, interval: 1 }, seed, seed + 4000, {
        left: 100_000,
      });
      if (packedDate(firstDay) % 32 > 28) return;
      const lastDay = firstDay + 3000;
      const own = [...recurringDays(read.rule, firstDay, lastDay, { left: 100_000 })].slice(0, 12);
      expect(own.map(dateText), `${written} from ${dateText(firstDay)}`).toEqual(
        ofLibrary(written, firstDay, lastDay).slice(0, 12),
      );
    }),
    { numRuns: isFull ? 600 : 100 },
  );
});

function ofLibrary(rule: string, firstDay: number, lastDay: number): readonly string[] {
  const iterator = ICAL.Recur.fromString(rule).iterator(
    ICAL.Time.fromDateString(dateText(firstDay)),
  );
  const found: string[] = [];
  for (let next = iterator.next(); next && found.length < 12; next = iterator.next()) {
    if (dayNumber(next.year, next.month, next.day) > lastDay) break;
    found.push(next.toString().slice(0, 10));
  }
  return found;
}

/** Days by the parts that the library does not read as RFC 5545 says, from its own examples. */
test.each([
  ['FREQ=YEARLY;BYYEARDAY=1,100,200;COUNT=4', '19970101', '1997-04-10 1997-07-19 1998-01-01'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3', '19970512', '1998-05-11 1999-05-17'],
  ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', '19970519', '1998-05-18 1999-05-17'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3', '19970929', '1997-10-30 1997-11-27'],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3', '19980213', '1998-03-13 1998-11-13'],
  ['FREQ=MONTHLY;COUNT=3', '20260131', '2026-03-31 2026-05-31'],
  ['FREQ=YEARLY;COUNT=3', '20240229', '2028-02-29 2032-02-29'],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
    '19970805',
    '1997-08-10 1997-08-19 1997-08-24',
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
    '19970805',
    '1997-08-17 1997-08-19 1997-08-31',
  ],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2', '20260101', ''],
])('%s from %s goes on with %s', (rule, start, further) => {
  const found = days(...event(`DTSTART;VALUE=DATE:${start}`, `RRULE:${rule}`));
  expect(found.slice(1).join(' ')).toBe(further);
});

test.each(['BYHOUR=8', 'BYEASTER=0', 'BYDAYS=MO', 'X-RULE=1'])(
  'a rule with %s is refused: without it the days would be others',
  (part) => {
    const { problems } = parse(
      ...event('DTSTART;VALUE=DATE:20270101', `RRULE:FREQ=YEARLY;${part};COUNT=2`),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      `RRULE is not supported: it has ${part.replace(/=.*/, '')}`,
    ]);
  },
);

test('no text makes it throw or take long', () => {
  const line = fc.constantFrom(
    'BEGIN:VCALENDAR',
    'END:VCALENDAR',
    'BEGIN:VEVENT',
    'END:VEVENT',
    'BEGIN:VTIMEZONE',
    'DTSTART;VALUE=DATE:20261225',
    'DTSTART:20261225T090000Z',
    'DTSTART;TZID=Europe/Athens:00010101T000000',
    'DTEND:99991231',
    'DURATION:P99999999W',
    'DURATION:-P1D',
    'RRULE:FREQ=DAILY',
    'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'RRULE:FREQ=WEEKLY;INTERVAL=999999999999',
    'RRULE:FREQ=YEARLY;COUNT=0',
    'RRULE:FREQ=SECONDLY',
    'RRULE:FREQ=YEARLY;BYSETPOS=366',
    'RRULE:',
    'RDATE;VALUE=PERIOD:20260101T000000Z/PT1H',
    'EXDATE:',
    'RECURRENCE-ID;RANGE=THISANDFUTURE:20260101',
    'SUMMARY;X="',
    'X:\u0000',
    ' folded',
    ':',
    ';',
    '',
  );
  const texts = fc.oneof(
    fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\r\n')),
    fc.array(line, { maxLength: 30 }).map((lines) => ['BEGIN:VCALENDAR', ...lines].join('\n')),
    fc
      .array(fc.array(line, { maxLength: 5 }), { maxLength: 5 })
      .map((events) =>
        ['BEGIN:VCALENDAR', ...events.flatMap((lines) => event(...lines)), 'END:VCALENDAR'].join(
          '\n',
        ),
      ),
    fc.string({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { problems, days: found } = parseIcs(text);
      for (const { message, help } of problems) expect(`${message} ${help}`).toMatch(/\w+.*\.$/s);
      for (const { first, last } of found) expect(first).toBeLessThanOrEqual(last);
    }),
    { numRuns: isFull ? 4000 : 700 },
  );
});

test('rules for ever in thousands of events are refused and do not hang', () => {
  const endless = event('DTSTART;VALUE=DATE:00010101', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30');
  const { problems } = parse(...Array.from({ length: 5000 }, () => endless).flat());
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('50000')]);
});
