/** One measured figure, and what it should be. */
export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: string;
}

/** The rows as a Markdown table, to three significant digits. */
export function benchTable(rows: readonly BenchRow[]): string {
  return markdownTable(
    ['what', 'measured', 'aim'],
    rows.map(({ what, value, unit, aim = '' }) => [what, `${readable(value)} ${unit}`, aim]),
  );
}

/** The first column and the last, which are words, to the left; figures to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map((_, column) => (column % (head.length - 1) === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Three significant digits; what is below 1 keeps its leading zeros: `9 570 000`, `12.9`, `0.004`. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) < 1000) return value.toPrecision(3);
  return rounded.toLocaleString('en').replaceAll(',', ' ');
}
