import type { ZoneReader, ZoneSpan } from './zone-reader.ts';

// The shortest time between two changes that cancel each other is 6.96 days (Brazil 2000, Gaza
// 2040): a longer step would miss them.
const stepSeconds = 5 * 86_400;

/** Finds offset changes by asking Intl, for engines without Temporal. */
export const intlZoneReader: ZoneReader = {
  properName(name) {
    try {
      formatterOf(name);
      return name;
    } catch {
      return undefined;
    }
  },

  readSpan(zone, from, until): ZoneSpan {
    const formatter = formatterOf(zone);
    const firstOffset = offsetAt(formatter, from);
    const changes: [number, number][] = [];
    let offset = firstOffset;
    let at = from;
    while (at < until) {
      const next = at + stepSeconds;
      const nextOffset = offsetAt(formatter, next);
      if (nextOffset !== offset) {
        changes.push([findChange(formatter, at, next), nextOffset]);
        offset = nextOffset;
      }
      at = next;
    }
    return { firstOffset, changes, completeUntil: at };
  },
};

function findChange(formatter: Intl.DateTimeFormat, before: number, after: number): number {
  const offsetAfter = offsetAt(formatter, after);
  let low = before;
  let high = after;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(formatter, middle) === offsetAfter) high = middle;
    else low = middle;
  }
  return high;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Reads `1/1/1970, GMT+01:00`; UTC itself is a bare `GMT`. */
function offsetAt(formatter: Intl.DateTimeFormat, second: number): number {
  const text = formatter.format(second * 1000);
  const sign = text.indexOf('GMT') + 3;
  if (sign >= text.length) return 0;
  const [hours = 0, minutes = 0, seconds = 0] = text
    .slice(sign + 1)
    .split(':')
    .map(Number);
  const size = hours * 3600 + minutes * 60 + seconds;
  return text.charAt(sign) === '+' ? size : -size;
}
