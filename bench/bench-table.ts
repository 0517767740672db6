/** One measured figure, and what it should be. */
export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: string;
}

/** The rows as a Markdown table. */
export function benchTable(rows: readonly BenchRow[]): string {
  const lines = rows.map(
    ({ what, value, unit, aim = '' }) => `| ${what} | ${readable(value)} ${unit} | ${aim} |`,
  );
  return ['| what | measured | aim |', '| --- | --: | --- |', ...lines, ''].join('\n');
}

function readable(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return value.toPrecision(3);
}
