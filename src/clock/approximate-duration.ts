import type { Milliseconds } from './clock.ts';

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** A length of time for a reader in a hurry: `12 ms`, `1.3 s`, `2m 5s`, `3h 4m`, `12d 7h`. */
export function approximateDuration(durationMs: Milliseconds): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  return twoLargestUnits(ms);
}

function twoLargestUnits(ms: Milliseconds): string {
  const first = units.findIndex((unit) => ms >= unit.ms);
  const [large, small] = units.slice(first, first + 2);
  if (large === undefined || small === undefined) return `${ms} ms`;
  const count = Math.floor(ms / large.ms);
  const rest = Math.floor((ms - count * large.ms) / small.ms);
  return rest === 0 ? `${count}${large.name}` : `${count}${large.name} ${rest}${small.name}`;
}
