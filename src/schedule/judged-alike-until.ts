import type { Instant } from '../clock/clock.ts';
import type { Calendar } from './calendar.ts';
import type { CalendarRule } from './calendar-rule.ts';
import type { LocalTime } from './local-time.ts';
import { zoneOffsets } from './zone-offsets.ts';

const dayMs = 86_400_000;

/**
 * Until when, exclusive, every instant from `at` on is judged as `at` is, with the same words: at
 * most to the end of its day, to a change of the zone's offset, and to where a freeze or an event
 * begins or ends. There a new look is needed, which may say the same.
 */
export function judgedAlikeUntil(rule: CalendarRule, at: Instant): Instant {
  const zone = zoneOffsets(rule.timezone);
  const stretch = zone.stretchAt(Math.floor(at / 1000));
  const offsetMs = zone.offset(stretch) * 1000;
  const local = at + offsetMs;
  const midnight = (Math.floor(local / dayMs) + 1) * dayMs - offsetMs;
  let end = Math.min(midnight, zone.end(stretch) * 1000);
  for (const calendar of [...rule.only, ...rule.except]) {
    end = Math.min(end, localEdge(calendar, local) - offsetMs, edgeAfter(calendar.events, at));
  }
  return end;
}

function localEdge({ freezes, localEvents }: Calendar, local: LocalTime): LocalTime {
  let edge = edgeAfter(localEvents, local);
  for (const { from, until } of freezes) {
    if (from > local) edge = Math.min(edge, from);
    if (until > local) edge = Math.min(edge, until);
  }
  return edge;
}

/** Events are in order, and none lies over another. */
function edgeAfter(events: Calendar['events'], time: number): number {
  const event = events.find(({ until }) => until > time);
  if (event === undefined) return Number.POSITIVE_INFINITY;
  return event.from > time ? event.from : event.until;
}
