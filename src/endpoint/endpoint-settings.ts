import { JobsdError } from '../errors.ts';
import { durationMs, parseDuration } from '../schedule/parse-duration.ts';

/** An endpoint ready for use: secrets resolved, durations as written. */
export interface ResolvedEndpoint {
  readonly type: string;
  readonly settings: { readonly [key: string]: unknown };
}

/** A text setting, or `undefined` when it is absent. Throws JOBSD_CONFIG_INVALID for other types. */
export function textSetting(endpoint: ResolvedEndpoint, key: string): string | undefined {
  const value = endpoint.settings[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new JobsdError('JOBSD_CONFIG_INVALID', `The endpoint's "${key}" must be a text.`);
}

/** A whole number of at least 1. */
export function countSetting(endpoint: ResolvedEndpoint, key: string, fallback: number): number {
  const value = endpoint.settings[key] ?? fallback;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new JobsdError('JOBSD_CONFIG_INVALID', `The endpoint's "${key}" must be a whole number.`);
}

/** Texts by name, such as headers. */
export function textsSetting(endpoint: ResolvedEndpoint, key: string): Record<string, string> {
  const value = endpoint.settings[key] ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JobsdError('JOBSD_CONFIG_INVALID', `The endpoint's "${key}" must be a map.`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

/** A duration in milliseconds; `30s` and `{ seconds: 30 }` are both accepted. */
export function durationSetting(
  endpoint: ResolvedEndpoint,
  key: string,
  fallbackMs: number,
): number {
  const value = endpoint.settings[key];
  if (value === undefined) return fallbackMs;
  const parsed = parseDuration(value);
  if (parsed.ok) return durationMs(parsed.duration);
  throw new JobsdError(
    'JOBSD_CONFIG_INVALID',
    `The endpoint's "${key}": ${parsed.problem.message}.`,
  );
}
