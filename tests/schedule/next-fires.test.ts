import { expect, test } from 'vitest';
import { nextFires, ScheduleError } from '../../src/schedule/next-fires.ts';
import type { ScheduleDeclaration } from '../../src/schedule/schedule.ts';

const berlin = 'Europe/Berlin';

function fires(schedule: ScheduleDeclaration, after: string, count = 3): string[] {
  return nextFires(schedule, { after, count }).map((fire) => fire.replace(':00.000Z', 'Z'));
}

test('a job at a skipped time fires at the end of the gap', () => {
  const schedule = { type: 'cron', cron: '30 2 * * *', timezone: berlin } as const;
  expect(fires(schedule, '2026-03-28T12:00Z', 2)).toEqual([
    '2026-03-29T01:00Z',
    '2026-03-30T00:30Z',
  ]);
});

test('several skipped times of one job fire once', () => {
  const schedule = { type: 'cron', cron: '10,30,50 2,3 * * *', timezone: berlin } as const;
  expect(fires(schedule, '2026-03-28T12:00Z', 3)).toEqual([
    '2026-03-29T01:00Z',
    '2026-03-29T01:10Z',
    '2026-03-29T01:30Z',
  ]);
});

test('a job that follows the clock has nothing to do in a gap and twice as much in an overlap', () => {
  const schedule = { type: 'cron', cron: '30 * * * *', timezone: berlin } as const;
  expect(fires(schedule, '2026-03-29T00:00Z', 2)).toEqual([
    '2026-03-29T00:30Z',
    '2026-03-29T01:30Z',
  ]);
  expect(fires(schedule, '2026-10-24T23:59Z', 3)).toEqual([
    '2026-10-25T00:30Z',
    '2026-10-25T01:30Z',
    '2026-10-25T02:30Z',
  ]);
});

test('a job at a repeated time fires at the first of the two', () => {
  const schedule = { type: 'cron', cron: '30 2 * * *', timezone: berlin } as const;
  expect(fires(schedule, '2026-10-24T12:00Z', 2)).toEqual([
    '2026-10-25T00:30Z',
    '2026-10-26T01:30Z',
  ]);
});

test.each(['both', 'second'] as const)(
  'the last repeated hour of a date is not jumped over to the same date of another year (%s)',
  (overlap) => {
    const cron = '*/25 * 26 9 *';
    const schedule = { type: 'cron', cron, timezone: 'Asia/Gaza', dst: { overlap } } as const;
    // At 24:00 of 26 September 2013 the clock went back to 23:00; 20:50Z was the first 23:50.
    expect(fires(schedule, '2013-09-26T20:50Z', 4)).toEqual([
      '2013-09-26T21:00Z',
      '2013-09-26T21:25Z',
      '2013-09-26T21:50Z',
      '2014-09-25T21:00Z',
    ]);
  },
);

test('the dst policies change what happens at the seams', () => {
  const daily = (dst: object) =>
    ({ type: 'cron', cron: '15,45 2 * * *', timezone: berlin, dst }) as const;
  const spring = '2026-03-28T12:00Z';
  expect(fires(daily({ gap: 'shift' }), spring, 2)).toEqual([
    '2026-03-29T01:15Z',
    '2026-03-29T01:45Z',
  ]);
  expect(fires(daily({ gap: 'skip' }), spring, 1)).toEqual(['2026-03-30T00:15Z']);
  const autumn = '2026-10-24T12:00Z';
  expect(fires(daily({ overlap: 'second' }), autumn, 2)).toEqual([
    '2026-10-25T01:15Z',
    '2026-10-25T01:45Z',
  ]);
  expect(fires(daily({ overlap: 'both' }), autumn, 4)).toEqual([
    '2026-10-25T00:15Z',
    '2026-10-25T00:45Z',
    '2026-10-25T01:15Z',
    '2026-10-25T01:45Z',
  ]);
});

test('a list of expressions fires each instant once', () => {
  const schedule = { type: 'cron', cron: ['0 12 * * *', '0 */6 * * *'] } as const;
  expect(fires(schedule, '2026-01-01T06:00Z', 3)).toEqual([
    '2026-01-01T12:00Z',
    '2026-01-01T18:00Z',
    '2026-01-02T00:00Z',
  ]);
});

test('days of an interval keep the local time over a change of the clocks', () => {
  const schedule = {
    type: 'interval',
    every: '1d',
    start: '2026-03-28 02:30',
    timezone: berlin,
  } as const;
  expect(fires(schedule, '2026-03-27T00:00Z', 3)).toEqual([
    '2026-03-28T01:30Z',
    '2026-03-29T01:30Z',
    '2026-03-30T00:30Z',
  ]);
});

test('a start at the second of two equal times is the first fire, whatever its local time', () => {
  const start = '2026-10-25T02:30:00+01:00';
  const schedule = { type: 'interval', every: '1d', start, timezone: berlin } as const;
  expect(fires(schedule, '2026-10-24T00:00Z', 2)).toEqual([
    '2026-10-25T01:30Z',
    '2026-10-26T01:30Z',
  ]);
});

test('an interval without start counts from the given time, which is none of its fires', () => {
  expect(fires({ type: 'interval', every: { hours: 1 } }, '2026-01-01T00:30Z', 2)).toEqual([
    '2026-01-01T01:30Z',
    '2026-01-01T02:30Z',
  ]);
});

test('repeats counts from start when there is one, else from the given time', () => {
  const bounded = {
    type: 'interval',
    every: '1h',
    start: '2026-01-01T00:00Z',
    repeats: 3,
  } as const;
  expect(fires(bounded, '2026-01-01T00:00Z', 9)).toEqual([
    '2026-01-01T01:00Z',
    '2026-01-01T02:00Z',
  ]);
  expect(fires(bounded, '2026-02-01T00:00Z', 9)).toEqual([]);
  expect(fires({ type: 'cron', cron: '@daily', repeats: 2 }, '2026-01-01T00:00Z', 9)).toHaveLength(
    2,
  );
});

test('start is inclusive and until exclusive', () => {
  const schedule = {
    type: 'cron',
    cron: '0 * * * *',
    start: '2026-01-01T10:00Z',
    until: '2026-01-01T12:00Z',
  } as const;
  expect(fires(schedule, '2025-01-01T00:00Z', 9)).toEqual([
    '2026-01-01T10:00Z',
    '2026-01-01T11:00Z',
  ]);
});

test('a one-time job in a gap moves forward, and of two equal times takes the first', () => {
  const at = (local: string) => ({ type: 'one-time', at: local, timezone: berlin }) as const;
  expect(fires(at('2026-03-29 02:30'), '2026-01-01T00:00Z')).toEqual(['2026-03-29T01:30Z']);
  expect(fires(at('2026-10-25T02:30:00'), '2026-01-01T00:00Z')).toEqual(['2026-10-25T00:30Z']);
  expect(fires(at('2026-10-25T02:30:00+01:00'), '2026-01-01T00:00Z')).toEqual([
    '2026-10-25T01:30Z',
  ]);
  expect(fires(at('2026-10-25T02:30:00'), '2026-10-25T00:30Z')).toEqual([]);
});

test('the day that Samoa left out is made up for at its end', () => {
  const schedule = { type: 'cron', cron: '30 12 * * *', timezone: 'Pacific/Apia' } as const;
  expect(fires(schedule, '2011-12-29T12:00Z', 3)).toEqual([
    '2011-12-29T22:30Z',
    '2011-12-30T10:00Z',
    '2011-12-30T22:30Z',
  ]);
});

test('everything that is wrong is told in one coded error', () => {
  const wrong = {
    type: 'cron',
    cron: ['0/15 * * * *', '0 0 30 2 *'],
    timezone: 'Europe/Belin',
  } as const;
  let error: unknown;
  try {
    nextFires(wrong, { after: 'soon', count: -1 });
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(ScheduleError);
  const { code, problems, message } = error as ScheduleError;
  expect(code).toBe('JOBSD_SCHEDULE_INVALID');
  expect(problems.map(({ rule }) => rule)).toEqual([
    'unknown-timezone',
    'cron-syntax',
    'cron-never-fires',
    'invalid-date-time',
    'invalid-count',
  ]);
  expect(message).toContain('0-59/15');
  expect(message).toContain('Europe/Berlin');
});

test.each([
  null,
  undefined,
  1,
  'x',
  [],
  {},
  { type: 'cron', cron: 5 },
  { type: 'interval', every: [] },
])('what is no schedule at all (%j) is refused with the same code', (schedule) => {
  expect(() => nextFires(schedule as never, { after: 0, count: 1 })).toThrow(ScheduleError);
  expect(() => nextFires(schedule as never, undefined as never)).toThrow(ScheduleError);
});

test.each([
  ['only', 'holidays'],
  ['except', ['holidays']],
  ['shift', 'next'],
])('`%s` is refused, since a schedule alone knows no calendars', (key, value) => {
  const schedule = { type: 'cron', cron: '0 2 * * *', [key]: value };
  expect(() => nextFires(schedule as never, { after: 0, count: 1 })).toThrow(`${key}: calendars`);
});

test.each([
  [{ type: 'cron', cron: '0 9 * * *', timezon: 'UTC' }, ['timezon'], 'timezone'],
  [{ type: 'cron', cron: '0 9 * * *', tz: 'Europe/Athens' }, ['tz'], 'timezone'],
  [{ type: 'interval', every: '1h', repeat: 3 }, ['repeat'], 'repeats'],
  [{ type: 'cron', cron: '0 9 * * *', dst: { gaps: 'skip' } }, ['dst', 'gaps'], 'gap'],
  [{ type: 'cron', cron: '0 9 * * *', dst: { anything: 1 } }, ['dst', 'anything'], '`overlap`'],
])('a misspelt key of a schedule is refused, not ignored: %j', (schedule, path, meant) => {
  const ask = () => nextFires(schedule as ScheduleDeclaration, { after: '2026-01-01Z', count: 1 });
  expect(ask).toThrow(ScheduleError);
  try {
    nextFires(schedule as ScheduleDeclaration, { after: '2026-01-01', count: 1 });
  } catch (error) {
    const [problem] = (error as ScheduleError).problems;
    expect(problem).toMatchObject({ rule: 'unknown-key', path });
    expect(problem?.help).toContain(meant);
  }
});

test('what a job has besides its schedule, and what is nobody’s key, is no mistake', () => {
  const job = {
    type: 'cron',
    cron: '0 9 * * *',
    timezone: berlin,
    name: 'a',
    id: 7,
    tz: 'ignored',
    note: 'of whoever made it',
    expected: [],
    service: 'a',
    extra: {},
    enabled: false,
    labels: {},
    timeout: '1h',
    retry: { attempts: 2 },
    overlap: 'skip',
    catchUp: 'none',
    on: {},
    renamedFrom: 'b',
    dst: { gap: 'skip', overlap: 'both' },
  } as unknown as ScheduleDeclaration;
  expect(fires(job, '2026-01-01T00:00Z', 1)).toEqual(['2026-01-01T08:00Z']);
});

test.each([
  [{ type: 'interval', every: '1h', cron: '* * * * *' }, 'cron', 'of type cron'],
  [{ type: 'cron', cron: '* * * * *', every: '5m' }, 'every', 'of type interval'],
  [{ type: 'cron', cron: '* * * * *', at: '2027-01-01' }, 'at', 'of type one-time'],
  [{ type: 'one-time', at: '2027-01-01', repeats: 2 }, 'repeats', 'of type interval and cron'],
  [{ type: 'one-time', at: '2027-01-01', dst: { gap: 'skip' } }, 'dst', 'of type cron'],
  [{ type: 'interval', every: '1h', dst: { gap: 'skip' } }, 'dst', 'of type cron'],
  [{ type: 'manual', start: '2027-01-01' }, 'start', 'of type interval and cron'],
])('a key of another type is refused, as it is in files: %j', (schedule, key, words) => {
  const ask = () => nextFires(schedule as never, { after: '2026-01-01', count: 1 });
  expect(ask).toThrow(ScheduleError);
  expect(ask).toThrow(`${key}: there is no such key in`);
  expect(ask).toThrow(words);
});

test.each([
  [{ timezone: null }, 'timezone'],
  [{ timezone: 2 }, 'timezone'],
  [{ jitter: 5 }, 'jitter'],
  [{ jitter: '-5m' }, 'jitter'],
  [{ jitter: null }, 'jitter'],
])('a value that would change nothing is read all the same: %j', (more, key) => {
  const schedule = { type: 'cron', cron: '* * * * *', ...more };
  const ask = () => nextFires(schedule as never, { after: '2026-01-01', count: 1 });
  expect(ask).toThrow(ScheduleError);
  expect(ask).toThrow(`${key}: `);
});

test('a list is no schedule, and what lists can do is not taken for keys of it', () => {
  expect(() => nextFires([] as never, { after: 0, count: 1 })).toThrow(/^(?!.*shift)/);
});

test.each([
  ['an expression of a hundred thousand wrong items', `${'x,'.repeat(100_000)}1 * * * *`],
  ['a list of a hundred thousand wrong expressions', new Array<string>(100_000).fill('x')],
])('%s is refused with its first problems', (_, cron) => {
  const schedule = { type: 'cron', cron } as const;
  try {
    nextFires(schedule, { after: 0, count: 1 });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ScheduleError);
    expect((error as ScheduleError).problems.length).toBeLessThan(200);
  }
});
