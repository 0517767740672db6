import type { Finding } from './finding.ts';

/** By file, line and column; what stands in one place, by rule. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(compare);
}

function compare(a: Finding, b: Finding): number {
  const [first] = a.labels;
  const [second] = b.labels;
  return (
    compareTexts(first.file, second.file) ||
    first.line - second.line ||
    first.column - second.column ||
    compareTexts(a.rule, b.rule) ||
    compareTexts(a.message, b.message)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
