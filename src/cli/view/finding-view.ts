import type { Finding, Severity } from '../../config/finding.ts';
import { countAll } from '../../config/first-alike.ts';

/** A finding as programs read it: where it is, at the top. */
export interface FindingView {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly help?: string;
  /** How many more of this rule in this file were found behind it, and are only counted. */
  readonly further?: number;
  /** All places, the first included, each with what is to be said at it. */
  readonly labels: Finding['labels'];
}

function findingView({ rule, severity, message, help, further, labels }: Finding): FindingView {
  const [{ file, line, column, endColumn }] = labels;
  return {
    rule,
    severity,
    message,
    file,
    line,
    column,
    endColumn,
    ...(help !== undefined && { help }),
    ...(further !== undefined && { further }),
    labels,
  };
}

/** Findings as programs read them, and how many they are with those that are only counted. */
export function findingsView(findings: readonly Finding[]) {
  return { total: countAll(findings), findings: findings.map(findingView) };
}
