/** A frozen copy without the fields that are `undefined`: what a store on disk would give back. */
export function plain<Value extends object>(value: Value): Value {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined) continue;
    copy[key] = typeof field === 'object' && field !== null ? plain(field) : field;
  }
  return Object.freeze(copy) as Value;
}
