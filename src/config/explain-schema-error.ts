import { alternatives, describePath, describeValue, quote } from './describe-value.ts';
import { explainText } from './explain-text.ts';
import { explainType } from './explain-type.ts';
import type { SchemaError } from './generated/validate-document.js';
import { nearestKey } from './nearest-key.ts';
import { nearestName } from './nearest-name.ts';
import type { ParsedFile } from './parsed-file.ts';
import { keySpot, type Problem, type ValuePath, valueSpot } from './problem.ts';

/** One mistake that the schema has found, in words, at the key or value that is wrong. */
export function explainSchemaError(file: ParsedFile, path: ValuePath, error: SchemaError): Problem {
  const explain = explanations[error.keyword] ?? explainOther;
  return explain(file.path, path, error);
}

type Explain = (file: string, path: ValuePath, error: SchemaError) => Problem;

const explanations: Readonly<Record<string, Explain>> = {
  additionalProperties: explainUnknownKey,
  required: explainMissingKey,
  discriminator: explainDiscriminator,
  type: explainType,
  enum: explainEnum,
  pattern: explainText,
  minLength: explainText,
  minimum: explainRange,
  maximum: explainRange,
  minProperties: explainCount,
  maxProperties: explainCount,
  minItems: explainCount,
};

function explainOther(file: string, path: ValuePath): Problem {
  return {
    rule: 'invalid-value',
    message: `${describePath(path)} is not valid`,
    at: valueSpot(file, ...path),
  };
}

function explainUnknownKey(file: string, path: ValuePath, error: SchemaError): Problem {
  const key = String(error.params.additionalProperty);
  const known = Object.keys(error.parentSchema.properties ?? {});
  const near = nearestKey(error);
  return {
    rule: 'unknown-key',
    message: `${describePath(path)} has the unknown key ${quote(key)}`,
    at: keySpot(file, ...path, key),
    ...(near === undefined
      ? { help: unknownKeyHelp(key, known) }
      : { note: `did you mean "${near}"?` }),
  };
}

const everyTimed = 'one-time, interval and cron';
const typesWithKey: ReadonlyMap<string, string> = new Map([
  ['at', 'one-time'],
  ['every', 'interval'],
  ['cron', 'cron'],
  ['dst', 'cron'],
  ['start', 'interval and cron'],
  ['until', 'interval and cron'],
  ['repeats', 'interval and cron'],
  ['timezone', everyTimed],
  ['catchUp', everyTimed],
  ['jitter', everyTimed],
  ['only', everyTimed],
  ['except', everyTimed],
  ['shift', everyTimed],
]);

function unknownKeyHelp(key: string, known: readonly string[]): string {
  const type = typesWithKey.get(key);
  if (type !== undefined && known.includes('service'))
    return `"${key}" belongs to jobs of type ${type}.`;
  if (known.length > 10) return 'Remove it, or correct its name; `jobsd schema` shows all keys.';
  return `The keys are ${alternatives(known).replace(/ or ([^ ]+)$/, ' and $1')}.`;
}

function explainMissingKey(file: string, path: ValuePath, error: SchemaError): Problem {
  const key = String(error.params.missingProperty);
  if (key === 'type') return explainMissingType(file, path, error);
  return {
    rule: 'missing-key',
    message: `${describePath(path)} has no ${quote(key)}`,
    at: keySpot(file, ...path),
    help: `Add \`${examples[key] ?? key}\`.`,
  };
}

/** Of required keys: what a line with them looks like. */
const examples: Readonly<Record<string, string>> = {
  at: 'at: 2027-07-29 11:35:49',
  every: 'every: 1h',
  cron: 'cron: "30 2 * * MON-FRI"',
  service: 'service: name.of.a.service',
  module: 'module: services/name.ts',
  url: 'url: "${env:NAME}"',
  from: 'from: 2026-12-18 18:00',
  until: 'until: 2027-01-04 08:00',
  owner: 'owner: team-billing',
  reason: 'reason: closing the books',
};

function explainMissingType(file: string, path: ValuePath, error: SchemaError): Problem {
  const guess = guessType(error.data);
  const isJob = path[0] === 'jobs';
  return {
    rule: 'missing-key',
    message: `${describePath(path)} has no "type"`,
    at: keySpot(file, ...path),
    help:
      guess === undefined
        ? `Add \`type\`: ${alternatives(isJob ? jobTypes : endpointTypes)}.`
        : `Add \`type: ${guess}\`.`,
  };
}

const jobTypes = ['one-time', 'interval', 'cron', 'manual'];
const endpointTypes = ['rest', 'smtp'];

/** From the key that only one type has. */
function guessType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('cron' in value) return 'cron';
  if ('every' in value) return 'interval';
  if ('at' in value) return 'one-time';
  return undefined;
}

/** A `type` that is missing is told by `required`; here it is there and names no branch. */
function explainDiscriminator(file: string, path: ValuePath, error: SchemaError): Problem {
  const { tagValue } = error.params;
  const known = path[0] === 'jobs' ? jobTypes : endpointTypes;
  const near = typeof tagValue === 'string' ? nearestName(tagValue, known) : undefined;
  return {
    rule: 'unknown-type',
    message: `${describePath(path)} has an unknown type, ${describeValue(tagValue)}`,
    at: valueSpot(file, ...path, 'type'),
    ...(near === undefined ? {} : { note: `did you mean "${near}"?` }),
    help: `The types are ${alternatives(known).replace(' or ', ' and ')}.`,
  };
}

function explainEnum(file: string, path: ValuePath, error: SchemaError): Problem {
  const known = (error.params.allowedValues as readonly unknown[]).map(String);
  const near = typeof error.data === 'string' ? nearestName(error.data, known) : undefined;
  return {
    rule: 'invalid-value',
    message: `${describePath(path)} has to be ${alternatives(known)}, not ${describeValue(error.data)}`,
    at: valueSpot(file, ...path),
    ...(near === undefined ? {} : { note: `did you mean "${near}"?` }),
  };
}

function explainRange(file: string, path: ValuePath, error: SchemaError): Problem {
  const bound = error.keyword === 'minimum' ? 'at least' : 'at most';
  return {
    rule: 'invalid-value',
    message: `${describePath(path)} has to be ${bound} ${error.params.limit}, not ${error.data}`,
    at: valueSpot(file, ...path),
  };
}

/** Maps and lists with too few or too many entries. */
function explainCount(file: string, path: ValuePath, error: SchemaError): Problem {
  const keys = Object.keys(error.parentSchema.properties ?? {});
  const empty = keys.length === 0 ? 'is empty' : `needs ${alternatives(keys.map(quote))}`;
  const message =
    error.keyword === 'maxProperties'
      ? `${describePath(path)} can have only one of ${keys.map(quote).join(' and ')}`
      : `${describePath(path)} ${empty}`;
  return { rule: 'invalid-value', message, at: valueSpot(file, ...path) };
}
