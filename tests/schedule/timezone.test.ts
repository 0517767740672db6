import { expect, test } from 'vitest';
import { checkTimezone } from '../../src/schedule/timezone.ts';

test.each([
  'UTC',
  'GMT',
  'Etc/UTC',
  'Etc/GMT+5',
  'Europe/Berlin',
  'America/Argentina/Buenos_Aires',
  'America/Port-au-Prince',
  'Asia/Kolkata',
  'Asia/Calcutta',
  'Europe/Kyiv',
  'US/Eastern',
  'Japan',
  'EST5EDT',
])('%s is a time zone, under its own name', (name) => {
  expect(checkTimezone(name)).toEqual({ ok: true, name });
});

test('every zone that the engine lists is accepted', () => {
  for (const name of Intl.supportedValuesOf('timeZone'))
    expect(checkTimezone(name)).toMatchObject({ ok: true });
});

test('upper and lower case do not matter', () => {
  expect(checkTimezone('europe/BERLIN')).toEqual({ ok: true, name: 'Europe/Berlin' });
});

test.each([
  ['EST', 'America/New_York'],
  ['PST', 'America/Los_Angeles'],
  ['CET', 'Europe/Berlin'],
  ['cest', 'Europe/Berlin'],
  ['IST', 'Asia/Kolkata'],
  ['MST', 'America/Denver'],
  ['Europe/Belin', 'Europe/Berlin'],
  ['Europe/Athen', 'Europe/Athens'],
  ['Berlin', 'Europe/Berlin'],
  ['New York', 'America/New_York'],
  ['america/newyork', 'America/New_York'],
  ['+02:00', 'Etc/GMT-2'],
  ['UTC-5', 'Etc/GMT+5'],
  ['GMT+2', 'Etc/GMT-2'],
  ['UTC+0', 'UTC'],
  ['utcc', 'UTC'],
])('"%s" is refused, with %s as the way out', (name, way) => {
  const result = checkTimezone(name);
  if (result.ok) throw new Error('was accepted');
  expect(result.help).toContain(`\`${way}\``);
});

test.each([
  [''],
  [' '],
  ['Europe/'],
  ['/Berlin'],
  ['Mars/Olympus'],
  ['Europe/Berlin '],
  ['Europe/Berlin\u0000'],
  ['../../etc/passwd'],
  ['constructor'],
  ['__proto__'],
  ['x'.repeat(100_000)],
  [5],
  [null],
  [undefined],
  [{}],
])('%j is no time zone', (name) => {
  expect(checkTimezone(name)).toMatchObject({ ok: false });
});
