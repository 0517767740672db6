/** The values of a set of bits, ascending: `low` holds 0 … 31, `high` goes on from 32. */
export function bitValues(low: number, high = 0): readonly number[] {
  const values: number[] = [];
  for (let value = 0; value < 64; value++) {
    const bits = value < 32 ? low : high;
    if ((bits >>> (value % 32)) & 1) values.push(value);
  }
  return values;
}

/** The distance between neighbours where it is always the same; undefined below two values. */
export function stepOf(values: readonly number[]): number | undefined {
  const [first, second] = values;
  if (first === undefined || second === undefined) return undefined;
  const step = second - first;
  return values.every((value, index) => value === first + index * step) ? step : undefined;
}

/** Stretches without a gap, each as its first and last value. */
export function runsOf(values: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const value of values) {
    const latest = runs.at(-1);
    if (latest !== undefined && latest[1] === value - 1) latest[1] = value;
    else runs.push([value, value]);
  }
  return runs;
}
