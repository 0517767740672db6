import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { generateSchemaText, generateValidatorText } from '../../src/config/schema/generate.ts';

const root = join(import.meta.dirname, '../..');
const committed = (path: string) => readFileSync(join(root, path), 'utf8');
const schema = JSON.parse(committed('schema/jobsd.schema.json'));

test('the committed schema is the one that `npm run generate` makes', () => {
  expect(committed('schema/jobsd.schema.json')).toBe(generateSchemaText());
});

test('the committed validator is the one that `npm run generate` makes', () => {
  expect(committed('src/config/generated/validate-document.js')).toBe(generateValidatorText());
});

test('the committed validator loads nothing', () => {
  expect(committed('src/config/generated/validate-document.js')).not.toMatch(
    /\b(require|import)\b/,
  );
});

test('the schema is valid by the rules of 2020-12', () => {
  const ajv = new Ajv2020({ discriminator: true, strict: false });
  expect(ajv.validateSchema(schema)).toBe(true);
});

/** Every schema under a `properties`, with the path to it. */
function* properties(node: unknown, path: string): Generator<[string, Record<string, unknown>]> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) {
    if (key === 'properties') {
      for (const [name, property] of Object.entries<Record<string, unknown>>(child)) {
        yield [`${path}/${name}`, property];
      }
    }
    yield* properties(child, `${path}/${key}`);
  }
}

test('every property has a description and examples that fit it', () => {
  const ajv = new Ajv2020({ discriminator: true, strict: false });
  ajv.addSchema(schema);
  const found = [...properties(schema, '')];
  expect(found.length).toBeGreaterThan(80);
  for (const [path, property] of found) {
    expect(property, path).toMatchObject({
      description: expect.any(String),
      examples: expect.any(Array),
    });
    const validate = ajv.compile({ $id: `x:${path}`, ...rebased(property) });
    const values = [
      ...(property.examples as unknown[]),
      ...('default' in property ? [property.default] : []),
    ];
    expect(values.length, path).toBeGreaterThan(0);
    for (const value of values)
      expect(validate(value), `${path}: ${JSON.stringify(value)}`).toBe(true);
  }
});

/** References of a part of the schema, as seen from outside it. */
function rebased(part: object): object {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', `"${schema.$id}#/$defs/`));
}

test('every branch of a union has a title and is closed', () => {
  for (const name of ['job', 'endpoint']) {
    for (const { $ref } of schema.$defs[name].oneOf) {
      const branch = schema.$defs[$ref.split('/').at(-1)];
      expect(branch).toMatchObject({ title: expect.any(String), additionalProperties: false });
    }
  }
});
