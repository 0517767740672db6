import type { Instant } from '../../clock/clock.ts';
import { localTimeOf } from '../../schedule/local-time.ts';
import { dateText } from '../../schedule/words/local-text.ts';
import type { NamedFire } from './named-fire.ts';

/** The sign beside a fire that calendars have moved or exclude. */
export function calendarSign({ excluded, moved }: NamedFire): string {
  if (moved !== undefined) return '~';
  return excluded === undefined ? '' : '-';
}

const mostLines = 12;

/** What calendars do to these fires, a line each. */
export function calendarLines(fires: readonly NamedFire[]): readonly string[] {
  const lines = [...new Set(fires.flatMap(calendarLine))];
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `... and ${rest} more like these`] : lines;
}

/** A shift keeps the time of day, so dates are enough. */
function calendarLine(fire: NamedFire): readonly string[] {
  const { excluded, moved, nominalAt, scheduleZone } = fire;
  const date = (at: Instant) => dateText(localTimeOf(at, scheduleZone));
  const start = `${calendarSign(fire)} ${date(nominalAt)}`;
  if (moved !== undefined) return [`${start} moved from ${date(moved.from)}: ${moved.reason}`];
  if (excluded === undefined) return [];
  const { reason, movedTo } = excluded;
  const fate = movedTo === undefined ? 'skipped' : `moved to ${date(movedTo)}`;
  return [`${start} ${fate}: ${reason}`];
}
