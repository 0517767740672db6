import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineSplitter } from '../../src/host/line-splitter.ts';

test('lines are the same however the stream is cut into chunks', () => {
  const line = fc.string().filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(20)), (lines, cuts) => {
      const stream = lines.map((one) => `${one}\n`).join('');
      const seen: string[] = [];
      const split = lineSplitter((one) => seen.push(one), { maxLength: 1e6, onTooLong: () => {} });
      let at = 0;
      for (const cut of cuts) {
        split(stream.slice(at, at + cut));
        at += cut;
      }
      split(stream.slice(at));
      expect(seen).toEqual(lines);
    }),
  );
});

test('a line that never ends is told and dropped', () => {
  let tooLong = 0;
  const seen: string[] = [];
  const split = lineSplitter((line) => seen.push(line), {
    maxLength: 10,
    onTooLong: () => {
      tooLong += 1;
    },
  });
  split('123456');
  split('7890123');
  split('short\n');
  expect([tooLong, seen]).toEqual([1, ['short']]);
});
