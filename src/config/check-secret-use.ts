import { describePath } from './describe-value.ts';
import type { ParsedFile } from './parsed-file.ts';
import { type Problem, type ValuePath, valueSpot } from './problem.ts';
import { parseSecretText } from './secret-text.ts';
import type { JsonValue } from './snapshot.ts';

/** `${env:...}` and `${file:...}` outside the settings of endpoints, and wrongly written ones inside. */
export function checkSecretUse(file: ParsedFile): readonly Problem[] {
  if (file.value === undefined || !file.text.includes('${')) return [];
  const problems: Problem[] = [];
  visit(file.value, [], (path, value) => {
    const problem = checkText(file.path, path, value);
    if (problem !== undefined) problems.push(problem);
  });
  return problems;
}

function visit(
  value: JsonValue,
  path: ValuePath,
  look: (path: ValuePath, value: string) => void,
): void {
  if (typeof value === 'string') return look(path, value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) visit(child, [...path, key], look);
}

function checkText(file: string, path: ValuePath, text: string): Problem | undefined {
  if (!text.includes('${')) return undefined;
  const isSetting = path[0] === 'endpoints' && path.length > 2 && path[2] !== 'type';
  if (!isSetting) return secretElsewhere(file, path, text);
  const parsed = parseSecretText(text);
  if (parsed.ok) return undefined;
  const { message, offset, length, help } = parsed.problem;
  const at = { ...valueSpot(file, ...path), offset, length };
  return { rule: 'secret-syntax', message: `${describePath(path)}: ${message}`, at, help };
}

const reference = /\$\{(?:env|file):[^}]*\}?/;

function secretElsewhere(file: string, path: ValuePath, text: string): Problem | undefined {
  const found = reference.exec(text);
  if (found === null || text[found.index - 1] === '$') return undefined;
  return {
    rule: 'secret-not-allowed',
    message: `${describePath(path)} refers to a secret, which only settings of endpoints may do`,
    at: { ...valueSpot(file, ...path), offset: found.index, length: found[0].length },
    help: path[2] === 'extra' ? extraHelp : 'Secrets are looked up in settings of endpoints only.',
  };
}

const extraHelp =
  'What is in `extra` is kept in the history of runs. Put the secret into an endpoint; a text that only looks like this is written `$${...}`.';
