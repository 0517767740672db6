const longestMs = 24 * 60 * 60 * 1000;

/**
 * Milliseconds a `Retry-After` header asks for (RFC 9110 §10.2.3: seconds or an HTTP date), at
 * most a day; `undefined` when there is none that can be read.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const delayMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(delayMs)) return undefined;
  return Math.min(Math.max(delayMs, 0), longestMs);
}
