import type { LogLine } from '../../dispatch/run.ts';
import type { Color, Paint } from '../../telemetry/paint.ts';
import { printable } from '../../telemetry/printable.ts';

const colors: Readonly<Record<LogLine['level'], Color>> = {
  debug: 'dim',
  info: 'blue',
  warn: 'yellow',
  error: 'red',
};

/** One line of a run's log; further lines of its text are set in. */
export function renderLogLine(line: LogLine, paint: Paint): string {
  const at = new Date(line.at).toISOString();
  const level = paint[colors[line.level]](line.level.padEnd(5));
  const indent = ' '.repeat(at.length + 7);
  return `${paint.dim(at)} ${level} ${printable(line.text).replaceAll('\n', `\n${indent}`)}`;
}
