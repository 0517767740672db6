import type { Color, Paint } from '../../telemetry/paint.ts';
import { displayWidth, visibleText } from './visible-text.ts';

export interface Cell {
  readonly text: string;
  readonly color?: Color;
}

export interface Column {
  readonly title: string;
  /** What is cut first when the screen is too narrow; never below `minWidth`. Absent: never cut. */
  readonly minWidth?: number;
  readonly align?: 'right';
}

const gap = 2;

/**
 * Rows under titles, aligned, within `width` where cutting the columns that may be cut allows it.
 * No trailing spaces, so that a copied line is clean.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })));
  const widths = fitWidths(columns, clean, width);
  const titles = columns.map(({ title }): Cell => ({ text: title, color: 'dim' }));
  return [titles, ...clean].map((row) => renderRow(row, columns, widths, paint));
}

function oneLine(text: string): string {
  return visibleText(text.replaceAll(/\s*\n\s*/g, ' '));
}

function fitWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number) {
  const widths = columns.map(({ title }, index) =>
    // Not Math.max(...): there may be more rows than a call can have arguments.
    rows.reduce(
      (widest, row) => Math.max(widest, displayWidth(row[index]?.text ?? '')),
      title.length,
    ),
  );
  let excess = sum(widths) + gap * (columns.length - 1) - width;
  // The widest of what may be cut gives first, so that short columns stay whole.
  while (excess > 0) {
    const index = widestToCut(columns, widths);
    if (index === undefined) break;
    widths[index] = (widths[index] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestToCut(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let widest: number | undefined;
  for (const [index, { minWidth }] of columns.entries()) {
    const size = widths[index] ?? 0;
    if (minWidth === undefined || size <= minWidth) continue;
    if (widest === undefined || size > (widths[widest] ?? 0)) widest = index;
  }
  return widest;
}

function renderRow(
  row: readonly Cell[],
  columns: readonly Column[],
  widths: readonly number[],
  paint: Paint,
): string {
  let line = '';
  let spaces = 0;
  for (const [index, cell] of row.entries()) {
    const width = widths[index] ?? 0;
    const text = cut(cell.text, width);
    const padding = width - displayWidth(text);
    const before = columns[index]?.align === 'right' ? padding : 0;
    const painted = cell.color === undefined ? text : paint[cell.color](text);
    if (text !== '') line += `${' '.repeat(spaces + before)}${painted}`;
    spaces = (text === '' ? spaces + width : padding - before) + gap;
  }
  return line;
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
