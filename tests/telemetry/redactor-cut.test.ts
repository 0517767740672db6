import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../src/telemetry/redactor.ts';

const { redact } = createRedactor(['hunter2-and-more', 'a/b+c']);

test('what a cut has left of a secret goes too, on both sides of the mark', () => {
  expect(redact('the token is hunter2-a…')).toBe('the token is [secret]…');
  expect(redact('…d-more was refused')).toBe('…[secret] was refused');
  expect(redact('{"head":"key hunt…"}')).toBe('{"head":"key [secret]…"}');
  expect(redact('a%2Fb… and hunter2-and-more')).toBe('[secret]… and [secret]');
});

test('what is too short to be told from chance stays', () => {
  expect(redact('the hun… was refused')).toBe('the hun… was refused');
  expect(redact('he waited … and waited')).toBe('he waited … and waited');
});

test('a text full of marks is redacted at its ends, in no time', () => {
  const marks = 'hunt…'.repeat(2_000);
  expect(redact(`${marks}hunter2…`).endsWith('[secret]…')).toBe(true);
});

test('wherever a text is cut behind its mark, no piece of a secret is left', () => {
  const secret = fc.string({ minLength: 5, maxLength: 40 }).filter((text) => !/[[\]…]/.test(text));
  fc.assert(
    fc.property(secret, fc.nat(), (value, seed) => {
      const at = 4 + (seed % (value.length - 4));
      const own = createRedactor([value]);
      expect(own.redact(`\n${value.slice(0, at)}…`)).not.toContain(value.slice(0, at));
      expect(own.redact(`…${value.slice(-at)}\n`)).not.toContain(value.slice(-at));
    }),
    { verbose: true },
  );
});
