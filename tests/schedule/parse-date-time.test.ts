import { expect, test } from 'vitest';
import { parseDateTime } from '../../src/schedule/parse-date-time.ts';

function read(text: string, timezone = 'UTC'): string {
  const result = parseDateTime(text, timezone);
  return result.ok ? new Date(result.at).toISOString() : result.problem.message;
}

test.each([
  ['2027-07-29 11:35:49', 'Europe/Athens', '2027-07-29T08:35:49.000Z'],
  ['2027-07-29T11:35:49', 'Europe/Athens', '2027-07-29T08:35:49.000Z'],
  ['2027-07-29T11:35', 'UTC', '2027-07-29T11:35:00.000Z'],
  ['2027-07-29', 'Europe/Athens', '2027-07-28T21:00:00.000Z'],
  ['2027-07-29T11:35:49Z', 'Europe/Athens', '2027-07-29T11:35:49.000Z'],
  ['2027-07-29t11:35:49z', 'Europe/Athens', '2027-07-29T11:35:49.000Z'],
  ['2027-07-29 11:35:49 +02:00', 'Europe/Athens', '2027-07-29T09:35:49.000Z'],
  ['2027-07-29 11:35:49-0330', 'UTC', '2027-07-29T15:05:49.000Z'],
  ['2027-07-29 11:35:49+05', 'UTC', '2027-07-29T06:35:49.000Z'],
  ['2027-07-29T11:35:49.5', 'UTC', '2027-07-29T11:35:49.500Z'],
  ['2027-07-29T11:35:49.123456789Z', 'UTC', '2027-07-29T11:35:49.123Z'],
  ['2024-02-29 00:00', 'UTC', '2024-02-29T00:00:00.000Z'],
  ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25 02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-10-04 02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
  ['2011-12-30 12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
  ['2018-11-04 00:00', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
])('"%s" in %s is %s', (text, timezone, instant) => {
  expect(read(text, timezone)).toBe(instant);
});

test.each([
  ['2026-02-30', 'a day that does not exist'],
  ['2026-02-29 10:00', 'a day that does not exist'],
  ['2026-00-10', 'no month 0'],
  ['2026-13-10', 'no month 13'],
  ['2026-01-01 24:00', 'no hour 24'],
  ['2026-01-01 10:60', 'not a time of day'],
  ['2026-01-01 10:00:60', 'not a time of day'],
  ['2026-01-01 10:00+25:00', 'no valid offset'],
  ['1899-12-31', 'outside the years'],
  ['2200-01-01', 'outside the years'],
  ['tomorrow', 'not a date and time'],
  ['', 'not a date and time'],
  ['2026-1-1', 'not a date and time'],
  ['2026-01-01 10', 'not a date and time'],
  ['2026-01-01T10:00[Europe/Berlin]', 'not a date and time'],
  ['01.02.2026', 'not a date and time'],
])('"%s" is refused: %s', (text, message) => {
  expect(read(text)).toContain(message);
});

test.each([[5], [null], [undefined], [new Date(0)], [{}]])(
  'what is no text (%s) is refused',
  (value) => {
    expect(parseDateTime(value, 'UTC')).toMatchObject({ ok: false });
  },
);
