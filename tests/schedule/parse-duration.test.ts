import { expect, test } from 'vitest';
import { durationMs, parseDuration } from '../../src/schedule/parse-duration.ts';

test.each([
  ['1w2d3h4m5s500ms', 9, 11_045_500],
  ['90s', 0, 90_000],
  ['1h', 0, 3_600_000],
  ['0s', 0, 0],
  [' 2d ', 2, 0],
  ['1m1ms', 0, 60_001],
  [{ weeks: 1, days: 2, hours: 3, minutes: 4, seconds: 5, milliseconds: 6 }, 9, 11_045_006],
  [{ hours: 1 }, 0, 3_600_000],
])('%j is read into days and milliseconds', (declared, days, ms) => {
  expect(parseDuration(declared)).toEqual({ ok: true, duration: { days, ms } });
});

test.each([
  ['', 'empty', undefined],
  ['10', 'not a duration', [0, 2]],
  ['1h30', 'not a duration', [2, 2]],
  ['1.5h', 'not a duration', [0, 4]],
  ['-1h', 'not a duration', [0, 3]],
  ['1h 30m', 'not a duration', [2, 4]],
  ['5m1h', 'too late or twice', [2, 2]],
  ['1h1h', 'too late or twice', [2, 2]],
  ['1y', 'not a duration', [0, 2]],
  ['1H', 'not a duration', [0, 2]],
  ['99999999999999999999w', 'longer than 100 years', undefined],
  ['soon', 'not a duration', [0, 4]],
  [5, 'has no unit', undefined],
  [null, 'neither a text nor a map', undefined],
  [['1h'], 'neither a text nor a map', undefined],
  [{}, 'empty', undefined],
  [{ hour: 1 }, 'has no "hour"', undefined],
  [{ hours: 1.5 }, 'not a whole number', undefined],
  [{ hours: -1 }, 'not a whole number', undefined],
  [{ hours: '1' }, 'not a whole number', undefined],
  [{ hours: Number.NaN }, 'not a whole number', undefined],
])('%j is refused with a way out', (declared, message, place) => {
  const result = parseDuration(declared);
  if (result.ok) throw new Error('was accepted');
  expect(result.problem.message).toContain(message);
  expect(result.problem.help).not.toBe('');
  if (place) expect([result.problem.offset, result.problem.length]).toEqual(place);
});

test('where no zone is at hand a day has 24 hours', () => {
  expect(durationMs({ days: 1, ms: 1 })).toBe(86_400_001);
});
