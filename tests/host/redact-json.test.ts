import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactJson } from '../../src/host/redact-json.ts';
import { createRedactor } from '../../src/telemetry/redactor.ts';

const { redact } = createRedactor(['5432', 'true', 'with "quotes"', '1,"b":2']);

test('a result stays JSON when a secret is part of a number or a word of JSON', () => {
  expect(redactJson('{"port":15432,"ok":true,"text":"5432!"}', redact)).toBe(
    '{"port":"1[secret]","ok":"[secret]","text":"[secret]!"}',
  );
  expect(redactJson('["with \\"quotes\\" inside"]', redact)).toBe('["[secret] inside"]');
  expect(redactJson('{"5432":null}', redact)).toBe('{"[secret]":null}');
});

test('a secret that spans values goes too', () => {
  expect(JSON.parse(redactJson('{"a":1,"b":2}', redact))).toBe('{"a":[secret]}');
});

test('what holds no secret stays as it was written, and what is no JSON is redacted as text', () => {
  expect(redactJson('{ "a" : 1 }', redact)).toBe('{ "a" : 1 }');
  expect(redactJson('{"cut": "5432', redact)).toBe('{"cut": "[secret]');
});

test('whatever the result, what is kept is JSON and holds no secret', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ minLength: 4, maxLength: 6 }), (value, secret) => {
      const own = createRedactor([secret]);
      const kept = redactJson(JSON.stringify(value), own.redact);
      expect(() => JSON.parse(kept)).not.toThrow();
      if (!'[secret]'.includes(secret)) expect(own.redact(kept)).toBe(kept);
    }),
    { verbose: true },
  );
});
