import { expect, test } from 'vitest';
import { describeSchedule } from '../../src/schedule/describe-schedule.ts';
import type { ScheduleDeclaration } from '../../src/schedule/schedule.ts';
import { compiled, problemsOf } from './compiled.ts';

const cron = { type: 'cron', cron: '30 2 * * *', timezone: 'Europe/Berlin' } as const;
const interval = { type: 'interval', every: '1h30m' } as const;

function key(declaration: ScheduleDeclaration, jobName?: string): string {
  return compiled(declaration, jobName).key;
}

test.each<[string, ScheduleDeclaration, ScheduleDeclaration]>([
  ['another way of writing', cron, { ...cron, cron: '30 02 * */1 0-6' }],
  [
    'another order of a list',
    { ...cron, cron: ['@daily', '5 5 * * *'] },
    { ...cron, cron: ['5 5 * * *', '@daily'] },
  ],
  ['another number of repeats', { ...interval, repeats: 2 }, { ...interval, repeats: 3 }],
  ['a zone that does not matter', interval, { ...interval, timezone: 'Europe/Berlin' }],
  ['another unit', interval, { type: 'interval', every: { minutes: 90 } }],
  ['jitter', interval, { ...interval, jitter: '5m' }],
  [
    'the same instant',
    { type: 'one-time', at: '2026-01-01T00:00Z' },
    { type: 'one-time', at: '2026-01-01 01:00', timezone: 'Europe/Berlin' },
  ],
])('%s does not change a schedule', (_, one, other) => {
  expect(key(other)).toBe(key(one));
});

test.each<[string, ScheduleDeclaration, ScheduleDeclaration]>([
  ['another zone', cron, { ...cron, timezone: 'Europe/Paris' }],
  ['another time', cron, { ...cron, cron: '31 2 * * *' }],
  ['another way to treat a gap', cron, { ...cron, dst: { gap: 'skip' } }],
  ['another way to treat an overlap', cron, { ...cron, dst: { overlap: 'both' } }],
  ['following the clock', { ...cron, cron: '0 0-23 * * *' }, { ...cron, cron: '0 * * * *' }],
  ['both day fields', { ...cron, cron: '0 0 */2 * MON' }, { ...cron, cron: '0 0 1-31/2 * MON' }],
  ['the nth weekday', { ...cron, cron: '0 0 * * MON#1' }, { ...cron, cron: '0 0 * * MON#2' }],
  ['the last weekday', { ...cron, cron: '0 0 * * MONL' }, { ...cron, cron: '0 0 * * TUEL' }],
  ['the days before the last', { ...cron, cron: '0 0 L-1 * *' }, { ...cron, cron: '0 0 L-2 * *' }],
  ['the nearest weekday', { ...cron, cron: '0 0 1W * *' }, { ...cron, cron: '0 0 2W * *' }],
  ['another start', interval, { ...interval, start: '2026-01-01' }],
  ['another end', interval, { ...interval, until: '2026-01-01' }],
  ['calendar days', { type: 'interval', every: '1d' }, { type: 'interval', every: '24h' }],
  [
    'the zone of calendar days',
    { type: 'interval', every: '1d' },
    { type: 'interval', every: '1d', timezone: 'Europe/Berlin' },
  ],
])('%s changes a schedule', (_, one, other) => {
  expect(key(other)).not.toBe(key(one));
});

test('H makes the job part of the schedule, its other fields do not', () => {
  const hashed = { type: 'cron', cron: 'H H * * *' } as const;
  expect(key(hashed, 'one')).not.toBe(key(hashed, 'other'));
  expect(key(cron, 'one')).toBe(key(cron, 'other'));
});

test('all problems are told at once, each at its key', () => {
  const problems = problemsOf({
    type: 'cron',
    cron: ['0 0 * * *', '61 25 * * *', 5],
    timezone: 'PST',
    start: '2026-02-30',
    until: 7,
    repeats: 0,
    jitter: '5',
    dst: { gap: 'start', overlap: 'never' },
  });
  expect(problems.map(({ rule, path }) => `${rule} ${path.join('.')}`)).toEqual([
    'unknown-timezone timezone',
    'cron-syntax cron.1',
    'cron-syntax cron.1',
    'cron-syntax cron.2',
    'schedule-type dst.gap',
    'schedule-type dst.overlap',
    'invalid-date-time start',
    'invalid-date-time until',
    'schedule-bounds repeats',
    'invalid-duration jitter',
  ]);
});

test('an until that is not after its start is refused', () => {
  const bounds = {
    start: '2026-01-01T00:00Z',
    until: '2026-01-01 01:00',
    timezone: 'Europe/Berlin',
  };
  expect(problemsOf({ ...interval, ...bounds })).toMatchObject([{ path: ['until'] }]);
});

test.each([
  ['one-time', 'at'],
  ['interval', 'every'],
  ['cron', 'cron'],
])('a %s schedule without %s is refused at that key', (type, missing) => {
  expect(problemsOf({ type })).toMatchObject([{ rule: 'schedule-incomplete', path: [missing] }]);
});

const odd = [undefined, null, true, 0, Number.NaN, '', 'x', [], [[]], {}, () => 0, Symbol('x'), 1n];

test('no value of any key makes it crash', () => {
  const keys = [
    'type',
    'cron',
    'every',
    'at',
    'timezone',
    'start',
    'until',
    'repeats',
    'jitter',
    'dst',
  ];
  const bases = [cron, interval, { type: 'one-time', at: '2026-01-01' }, { type: 'manual' }];
  for (const value of odd) {
    expect(problemsOf(value).length).toBeGreaterThan(0);
    for (const base of bases) for (const each of keys) problemsOf({ ...base, [each]: value });
    problemsOf({ ...cron, dst: { gap: value, overlap: value } });
    problemsOf({ ...interval, every: { hours: value } });
  }
});

test.each<[string, ScheduleDeclaration]>([
  ['every 1h30m', interval],
  ['every 1w1d500ms', { type: 'interval', every: '8d500ms' }],
  ['30 2 * * *', cron],
  ['@daily | 5 5 * * MON', { type: 'cron', cron: ['@daily', ' 5  5 * * MON'] }],
  ['at 2026-01-01T00:00:00Z', { type: 'one-time', at: '2026-01-01' }],
  ['manual', { type: 'manual' }],
])('a schedule is described as "%s"', (text, declaration) => {
  expect(describeSchedule(compiled(declaration))).toBe(text);
});
