import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/endpoint/retry-after.ts';

const now = Date.UTC(2026, 10, 20, 12);

test.each([
  ['120', 120_000],
  ['0', 0],
  [' 5 ', 5000],
  ['Fri, 20 Nov 2026 12:01:00 GMT', 60_000],
  ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
  ['999999999', 86_400_000],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j asks for %j ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
