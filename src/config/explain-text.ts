import { describePath, describeValue, quote } from './describe-value.ts';
import type { SchemaError } from './generated/validate-document.js';
import { nearestName } from './nearest-name.ts';
import { type Problem, type ValuePath, valueSpot } from './problem.ts';
import { durationReader } from './read-duration.ts';

/** A text that is not of the form it has to have. */
export function explainText(file: string, path: ValuePath, error: SchemaError): Problem {
  const at = valueSpot(file, ...path);
  const text = String(error.data);
  if (error.keyword === 'minLength') {
    return { rule: 'invalid-value', message: `${describePath(path)} is an empty text`, at };
  }
  const { title } = error.parentSchema;
  const duration = title === 'Duration' ? durationProblem(file, path, text) : undefined;
  if (duration !== undefined) return duration;
  if (title === 'Catch-up policy')
    return { rule: 'invalid-value', ...catchUpWords(path, text), at };
  return {
    rule: 'invalid-value',
    message: `${describePath(path)} has to be a size such as 512MB or 2GB, not ${quote(text)}`,
    at,
  };
}

/** The pattern of the schema only says yes or no; the reader of durations knows why. */
function durationProblem(file: string, path: ValuePath, text: string): Problem | undefined {
  const reader = durationReader(file);
  reader.optional(path, text);
  return reader.problems[0];
}

function catchUpWords(path: ValuePath, text: string) {
  const near = nearestName(text, ['none', 'latest', 'all']);
  return {
    message: `${describePath(path)} has to be none, latest or all, not ${describeValue(text)}`,
    ...(near === undefined ? {} : { note: `did you mean "${near}"?` }),
  };
}
