/**
 * A JSON text without secrets that still is JSON: a secret of digits inside a number would leave a
 * text behind that nobody can read. Text that is no JSON is redacted as it is.
 */
export function redactJson(json: string, redact: (text: string) => string): string {
  const clean = redact(json);
  if (clean === json) return json;
  const value = parsed(json);
  if (value === undefined) return clean;
  const text = JSON.stringify(redactedValue(value, redact));
  // A secret that goes over the bounds of single values stands in the text alone.
  return redact(text) === text ? text : JSON.stringify(clean);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function redactedValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, redact));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [redact(key), redactedValue(item, redact)]),
    );
  }
  const text = String(value);
  const clean = redact(text);
  return clean === text ? value : clean;
}
