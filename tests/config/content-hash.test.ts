import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/config/canonical-json.ts';
import { contentHash } from '../../src/config/content-hash.ts';

test('texts that differ in one place have hashes without a common part', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.nat(), (text, at) => {
      const place = at % text.length;
      const other =
        text.slice(0, place) + (text[place] === 'x' ? 'y' : 'x') + text.slice(place + 1);
      const [one, two] = [contentHash(text), contentHash(other)];
      expect(one).toMatch(/^[0-9a-f]{32}$/);
      expect(one).not.toBe(two);
      expect(one.slice(0, 8)).not.toBe(two.slice(0, 8));
      expect(one.slice(8, 16)).not.toBe(two.slice(8, 16));
    }),
  );
});

test('a hundred thousand texts that hardly differ have as many hashes', () => {
  const hashes = new Set<string>();
  for (let n = 0; n < 100_000; n += 1) hashes.add(contentHash(`{"n":${n}}`));
  expect(hashes.size).toBe(100_000);
});

test('a hash stays the same from version to version', () => {
  expect(contentHash('')).toBe('7024c1a1b04e8a0765951792ccbe4a01');
  expect(contentHash('{"name":"sync-data – €😀"}')).toBe('53f2aebc4694302a09c78360badcbbc5');
});

test('the order of keys does not change canonical JSON, and that is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, reversed(child)]);
  return Object.fromEntries(entries.reverse());
}
