import { expect, test } from 'vitest';
import { jitterMs } from '../../src/schedule/jitter.ts';

const nominal = Date.UTC(2026, 10, 20, 17);

test('jitter is the same for the same job and time, whoever asks', () => {
  expect(
    [0, 1, 2].map((hour) => jitterMs('sync-data', nominal + hour * 3_600_000, 60_000)),
  ).toMatchInlineSnapshot(`
    [
      2174,
      33836,
      53232,
    ]
  `);
});

test('jitter fills its bound evenly, both ends included', () => {
  const counts = new Array<number>(11).fill(0);
  for (let index = 0; index < 11_000; index++) {
    const jitter = jitterMs('job', nominal + index * 60_000, 10);
    counts[jitter] = (counts[jitter] ?? 0) + 1;
  }
  expect(counts).toHaveLength(11);
  expect(Math.min(...counts)).toBeGreaterThan(800);
});

test('jitter never reaches the next nominal time', () => {
  for (let second = 0; second < 10_000; second++) {
    const at = nominal + second * 1000;
    expect(at + jitterMs('job', at, 3_600_000, at + 1000)).toBeLessThan(at + 1000);
    expect(jitterMs('job', at, 3_600_000, at + 1)).toBe(0);
    expect(jitterMs('job', at, 0)).toBe(0);
  }
});
