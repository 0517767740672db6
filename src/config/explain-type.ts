import { alternatives, describePath, describeValue } from './describe-value.ts';
import type { SchemaError } from './generated/validate-document.js';
import { keySpot, type Problem, type ValuePath, valueSpot } from './problem.ts';

/** A value of the wrong type, with what would be right. */
export function explainType(file: string, path: ValuePath, error: SchemaError): Problem {
  const isMissing = error.data === null;
  const help = helpFor(error);
  return {
    rule: 'wrong-type',
    message: `${describePath(path)} has to be ${expected(error)}, not ${describeValue(error.data)}`,
    at: isMissing ? keySpot(file, ...path) : valueSpot(file, ...path),
    ...(help === undefined ? {} : { help }),
  };
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
};

function expected(error: SchemaError): string {
  const { title, type } = error.parentSchema;
  if (title === 'Duration') return 'a duration such as 30s or 1h30m';
  if (title === 'Size') return 'a size such as 512MB or 2GB';
  const types = typeof type === 'string' ? [type] : (type ?? []);
  return alternatives(types.map((name) => words[name] ?? name));
}

function helpFor(error: SchemaError): string | undefined {
  const { data } = error;
  const { title, type } = error.parentSchema;
  if (data === null) return 'Give it a value, or remove the key.';
  if (type === 'boolean' && typeof data === 'string') return booleanHelp(data);
  if (title === 'Duration' && typeof data === 'number') return `Write the unit: \`${data}s\`.`;
  if (title === 'Size')
    return typeof data === 'number' ? `Write the unit: \`${data}MB\`.` : undefined;
  if (typeof data === 'number' || typeof data === 'boolean') {
    return accepts(type, 'string') ? `Put it in quotes: "${data}".` : undefined;
  }
  if (type === 'integer' && typeof data === 'string' && /^\d+$/.test(data)) {
    return 'Write it without quotes.';
  }
  return undefined;
}

function accepts(type: string | readonly string[] | undefined, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

function booleanHelp(written: string): string | undefined {
  const word = written.toLowerCase();
  if (['yes', 'on', 'y', 'true', '1'].includes(word)) return `${notYaml12} Write \`true\`.`;
  if (['no', 'off', 'n', 'false', '0'].includes(word)) return `${notYaml12} Write \`false\`.`;
  return undefined;
}

const notYaml12 = 'Only true and false, without quotes, are truth values in YAML 1.2.';
