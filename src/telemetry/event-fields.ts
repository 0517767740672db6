import type { Finding } from '../config/finding.ts';
import type { DaemonEvent } from './events.ts';
import { firstFindings } from './first-findings.ts';

/** The event as the fields of a JSON log line: flat where it can be, instants as ISO texts. */
export function eventFields(event: DaemonEvent): Record<string, unknown> {
  const { kind, ...facts } = event;
  const fields = Object.entries(facts).flatMap(([name, value]) => fieldsOf(name, value));
  return Object.fromEntries([['event', kind], ...fields]);
}

function fieldsOf(name: string, value: unknown): [string, unknown][] {
  if (value === undefined) return [];
  // The log line has a time of its own, next to the same.
  if (name === 'endedAt') return [];
  // The text of a service's line is the log line's message already.
  if (name === 'line') return [['at', isoText((value as { at: number }).at)]];
  if (name === 'findings') return findingFields(value as Finding[]);
  if (typeof value === 'number' && (name.endsWith('At') || name === 'now')) {
    return [[name, isoText(value)]];
  }
  return [[name, value]];
}

function findingFields(findings: readonly Finding[]): [string, unknown][] {
  const { listed, count } = firstFindings(findings);
  return [
    ['findings', listed.map(shortFinding)],
    ['findingCount', count],
  ];
}

function shortFinding({ rule, severity, message, labels: [place] }: Finding) {
  return { rule, severity, message, file: place.file, line: place.line, column: place.column };
}

function isoText(at: number): string {
  return new Date(at).toISOString();
}
