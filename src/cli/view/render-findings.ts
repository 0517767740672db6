import type { Finding, Label, Severity } from '../../config/finding.ts';
import { countAll, firstAlike } from '../../config/first-alike.ts';
import { type Color, createPaint, type Paint } from '../../telemetry/paint.ts';
import { displayWidth, visibleText } from './visible-text.ts';

export interface RenderOptions {
  readonly color: boolean;
}

/** How many of one rule in one file are drawn. */
const mostShown = 100;

/** Findings for people, with source lines and carets; ends with a newline unless there are none. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions): string {
  const paint = createPaint(options.color);
  const shown = firstAlike(findings, mostShown, ({ labels: [{ file }] }) => file);
  return shown.map((finding) => `${renderFinding(finding, paint)}\n`).join('\n');
}

/** `2 errors and 1 warning.`, or nothing when there are no findings. */
export function renderFindingCount(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'info'] as const)
    .map((severity) => counted(findings, severity))
    .filter((text) => text !== '');
  if (counts.length === 0) return '';
  // That there is no file is no error in one.
  if (findings.every(({ rule }) => rule === 'no-files')) return `${counts.join(', ')}.\n`;
  const files = new Set(findings.map((finding) => finding.labels[0].file)).size;
  return `${counts.join(', ')} in ${files} file${files === 1 ? '' : 's'}.\n`;
}

function counted(findings: readonly Finding[], severity: Severity): string {
  const count = countAll(findings.filter((finding) => finding.severity === severity));
  if (count === 0) return '';
  const plural = severity === 'info' ? 'note' : severity;
  return `${grouped(count)} ${plural}${count === 1 ? '' : 's'}`;
}

function renderFinding(finding: Finding, paint: Paint): string {
  const { severity, rule, labels, help } = finding;
  const gutter = Math.max(...labels.map((label) => String(label.line).length));
  const head = `${paint[colors[severity]](`${severity}[${rule}]`)}${paint.bold(`: ${visibleText(finding.message)}`)}`;
  const lines = [head];
  for (const [index, label] of labels.entries()) {
    lines.push(...renderLabel(label, index === 0, { gutter, severity, paint }));
  }
  if (help !== undefined) {
    lines.push(`${' '.repeat(gutter)} ${paint.dim('=')} help: ${visibleText(help)}`);
  }
  if (finding.further !== undefined) {
    const more = `and ${grouped(finding.further)} more like this in ${labels[0].file}`;
    lines.push(`${' '.repeat(gutter)} ${paint.dim('=')} ${visibleText(more)}`);
  }
  return lines.join('\n');
}

/** `19 900`: digits in groups of three. */
function grouped(count: number): string {
  return String(count).replace(/(?<=\d)(?=(?:\d{3})+$)/g, ' ');
}

const colors: Readonly<Record<Severity, Color>> = { error: 'red', warning: 'yellow', info: 'blue' };

interface Frame {
  /** Width of the line numbers. */
  readonly gutter: number;
  readonly severity: Severity;
  readonly paint: Paint;
}

function renderLabel(label: Label, isFirst: boolean, frame: Frame): readonly string[] {
  const { gutter, paint } = frame;
  const margin = ' '.repeat(gutter);
  const place = `${visibleText(label.file)}:${label.line}:${label.column}`;
  const head = `${margin}${paint.dim(isFirst ? '-->' : ':::')} ${place}`;
  if (label.source === undefined) {
    return label.text === undefined ? [head] : [head, `${margin} ${paint.dim('=')} ${label.text}`];
  }
  const { source, caret } = sourceAndCaret(label, isFirst ? '^' : '-');
  const bar = paint.dim('|');
  const number = paint.dim(String(label.line).padStart(gutter));
  const note = label.text === undefined ? '' : ` ${visibleText(label.text)}`;
  const marked = paint[isFirst ? colors[frame.severity] : 'dim'](`${caret.trimStart()}${note}`);
  const indent = ' '.repeat(caret.length - caret.trimStart().length);
  return [
    head,
    `${margin} ${bar}`,
    `${number} ${bar} ${source}`.trimEnd(),
    `${margin} ${bar} ${indent}${marked}`,
  ];
}

/** The line that is shown, and the row of signs that stands under its place. */
function sourceAndCaret(label: Label, sign: string) {
  const text = label.source ?? '';
  const from = label.sourceColumn ?? 1;
  const start = Math.max(0, label.column - from);
  const end = Math.min(
    Math.max(label.endColumn - from, start + 1),
    Math.max(text.length, start + 1),
  );
  const isCut = from > 1;
  const dots = isCut ? '...' : '';
  const before = dots.length + displayWidth(visibleText(text.slice(0, start)));
  const width = Math.max(1, displayWidth(visibleText(text.slice(start, end))));
  const caret = `${' '.repeat(before)}${sign.repeat(width)}`;
  return { source: `${dots}${visibleText(text)}`, caret };
}
