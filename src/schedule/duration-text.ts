import type { Milliseconds } from '../clock/clock.ts';

/** A duration as it would be written in a file: `1w2d3h4m5s500ms`, without what is zero; `0s`. */
export function durationText(days: number, ms: Milliseconds): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(days / 7), 'w'],
    [days % 7, 'd'],
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor(ms / 60_000) % 60, 'm'],
    [Math.floor(ms / 1000) % 60, 's'],
    [ms % 1000, 'ms'],
  ];
  const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
  return text === '' ? '0s' : text;
}
