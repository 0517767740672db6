import type { LocalTime } from '../local-time.ts';

/** `2030-03-31 02:30`, seconds and less only where there are any. */
export function localText(local: LocalTime): string {
  return `${dateText(local)} ${clockText(local)}`;
}

export function dateText(local: LocalTime): string {
  return new Date(local).toISOString().slice(0, 10);
}

/** `02:30`, `02:30:15`, `02:30:15.250`. */
export function clockText(local: LocalTime): string {
  const text = new Date(local).toISOString().slice(11, -1);
  return text.replace(/\.000$/, '').replace(/^(\d\d:\d\d):00$/, '$1');
}

/** At the end of a sentence about local times. */
export function zoneSuffix(timezone: string): string {
  return timezone === 'UTC' ? ', UTC' : `, ${timezone} time`;
}
