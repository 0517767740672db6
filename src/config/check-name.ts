import { quote } from './describe-value.ts';
import type { Problem, ValueSpot } from './problem.ts';
import { namePattern } from './schema/name-pattern.ts';

const validName = new RegExp(namePattern);

/** What is wrong with the name of an endpoint, service, job or group. */
export function checkName(section: string, name: string, at: ValueSpot): Problem | undefined {
  const kind = section.slice(0, -1);
  if (/^jobsd\./i.test(name)) {
    return {
      rule: 'reserved-name',
      message: `the ${kind} name ${quote(name)} begins with "jobsd."`,
      at,
      help: 'Such names are kept for what jobsd brings along. Choose another one.',
    };
  }
  if (validName.test(name)) return undefined;
  return {
    rule: 'invalid-name',
    message: `${quote(name)} cannot be the name of a ${kind}`,
    at,
    help: nameHelp(name),
  };
}

function nameHelp(name: string): string {
  if (name.length > 128) return `A name has at most 128 characters, this one has ${name.length}.`;
  if (name.includes('${')) return 'Secrets and variables are not looked up in names.';
  return 'Use letters (a-z), digits, space and . _ - /, with a letter, digit or _ at both ends.';
}
