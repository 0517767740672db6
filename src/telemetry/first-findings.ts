import type { Finding } from '../config/finding.ts';
import { countAll } from '../config/first-alike.ts';

export interface FirstFindings {
  readonly listed: readonly Finding[];
  /** How many there are in all. */
  readonly count: number;
}

const mostListed = 20;

/**
 * What a log tells of findings: the first twenty, errors before all else. It is no place for a
 * thousand lines, and `jobsd validate` shows the rest.
 */
export function firstFindings(findings: readonly Finding[]): FirstFindings {
  const isError = ({ severity }: Finding) => severity === 'error';
  const errors = findings.filter(isError);
  const others = findings.filter((finding) => !isError(finding));
  const isAll = findings.length <= mostListed;
  const listed = isAll ? findings : [...errors, ...others].slice(0, mostListed);
  return { listed, count: countAll(findings) };
}
