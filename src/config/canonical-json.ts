/** JSON with the keys of every map sorted: equal content gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(withSortedKeys(value)) ?? 'null';
}

/** The same value with the keys of every map sorted. */
export function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withSortedKeys);
  const written = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(written).sort();
  return Object.fromEntries(keys.map((key) => [key, withSortedKeys(written[key])]));
}
