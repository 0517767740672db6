import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor, redactDeep } from '../../src/telemetry/redactor.ts';

test('a secret goes away in each form it usually takes', () => {
  const secret = 'a/b+c "d"\n';
  const { redact } = createRedactor([secret]);
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify({ secret }),
    Buffer.from(secret).toString('base64'),
  ];
  expect(forms.map(redact)).toEqual(['[secret]', '[secret]', '{"secret":"[secret]"}', '[secret]']);
});

test('of a secret that begins with another one nothing remains', () => {
  const { redact } = createRedactor(['hunter', 'hunter22']);
  expect(redact('hunter22 hunter')).toBe('[secret] [secret]');
});

test('after a rotation the old secret stays secret', () => {
  const redactor = createRedactor(['old-value']);
  redactor.add(['new-value']);
  expect(redactor.redact('old-value new-value')).toBe('[secret] [secret]');
});

test('values too short to be secrets leave the text readable', () => {
  expect(createRedactor(['', '1', 'on']).redact('10 jobs on 1 host')).toBe('10 jobs on 1 host');
});

test('a secret in a key, a list or a deep value goes away', () => {
  const { redact } = createRedactor(['s3cret']);
  expect(redactDeep({ 's3cret-key': [{ a: 's3cret' }, 1, null, true] }, redact)).toEqual({
    '[secret]-key': [{ a: '[secret]' }, 1, null, true],
  });
});

test('whatever the secrets are, none is left in a text that is made of them', () => {
  const secrets = fc.array(fc.string({ minLength: 4, unit: 'binary' }), { minLength: 1 });
  fc.assert(
    fc.property(secrets, fc.string(), (values, filler) => {
      const rest = createRedactor(values)
        .redact(values.join(filler))
        .replaceAll('[secret]', '\0|\0');
      return values.every(
        (value) => '[secret]'.includes(value) || !rest.includes(value) || filler.includes(value),
      );
    }),
  );
});
