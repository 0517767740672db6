import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurrenceId, requestedId } from '../../src/dispatch/run-id.ts';
import { ulid } from '../../src/dispatch/ulid.ts';

test('an occurrence is named by its job and nominal instant', () => {
  expect(occurrenceId('sync-data', Date.parse('2026-11-20T17:00:00Z'))).toBe(
    'sync-data@20261120T170000Z',
  );
});

test('milliseconds appear only where there are any', () => {
  expect(occurrenceId('a', Date.parse('2026-11-20T17:00:00.500Z'))).toBe('a@20261120T170000.500Z');
  expect(occurrenceId('a', Date.parse('2026-11-20T17:00:00.000Z'))).toBe('a@20261120T170000Z');
});

test('ULIDs have the shape of the standard and sort by time', () => {
  const random = () => 0.999_999;
  expect(ulid(1_469_918_176_385, random).slice(0, 10)).toBe('01ARYZ6S41');
  expect(ulid(1, random) < ulid(2, () => 0)).toBe(true);
  expect(
    requestedId(
      'job',
      'manual',
      ulid(0, () => 0),
    ),
  ).toBe('job@manual-00000000000000000000000000');
});

test('ids hold the very instant, at any time of any day', () => {
  const instants = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(instants, fc.boolean(), (at, isWhole) => {
      const instant = isWhole ? Math.floor(at / 1000) * 1000 : at;
      const expected = new Date(instant).toISOString().replace(/[-:]|\.000/g, '');
      expect(occurrenceId('a', instant)).toBe(`a@${expected}`);
    }),
  );
});
