import type { Instant } from '../../clock/clock.ts';
import { occurrenceId } from '../../dispatch/run-id.ts';
import { stableHash } from '../../schedule/stable-hash.ts';
import { inOrder, type NamedFire } from './named-fire.ts';
import { localIso } from './times.ts';

/** A fire with what a calendar says of it. */
export interface CalendarFire extends NamedFire {
  /** Shown for an expression, which has no job. */
  readonly title: string;
  /** Further lines of the description. */
  readonly about: readonly string[];
}

/**
 * The fires as a calendar (RFC 5545), an event each, at the time the run starts (to the second).
 * The UID is the run's id, so that a calendar that is read again shows no event twice.
 */
export function renderCalendar(
  fires: readonly CalendarFire[],
  stamp: { readonly now: Instant; readonly version: string },
): string {
  const events = (inOrder(fires) as readonly CalendarFire[]).map((fire) => event(fire, stamp.now));
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//jobsd//jobsd ${stamp.version}//EN`,
    'CALSCALE:GREGORIAN',
    // A calendar has to hold something, also when nothing fires.
    ...(events.length === 0 ? emptyZone : events.flat()),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

const emptyZone = [
  'BEGIN:VTIMEZONE',
  'TZID:Etc/UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'END:STANDARD',
  'END:VTIMEZONE',
];

function event(fire: CalendarFire, now: Instant): readonly string[] {
  const { title, nominalAt, plannedAt, job } = fire;
  const silence = fire.silence ?? (fire.excluded === undefined ? undefined : 'excluded');
  const name = job === '' ? `cron-${stableHash(title).toString(16).padStart(8, '0')}` : job;
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(occurrenceId(name, nominalAt))}`,
    `DTSTAMP:${utcForm(now)}`,
    `DTSTART:${utcForm(plannedAt)}`,
    `SUMMARY:${escaped(silence === undefined ? title : `${title} (${silence})`)}`,
    `DESCRIPTION:${escaped(description(fire).join('\n'))}`,
    // It takes nobody's time: the day stays free.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

function description(fire: CalendarFire): readonly string[] {
  const { nominalAt, plannedAt, timezone, effect, about, excluded, moved } = fire;
  return [
    ...about,
    `Due ${localIso(nominalAt, timezone)} (${timezone})`,
    ...(plannedAt === nominalAt ? [] : [`Jitter ${(plannedAt - nominalAt) / 1000} s`]),
    ...(effect?.kind === 'moved' ? ['Moved: clocks skip its time that day'] : []),
    ...(effect?.kind === 'first' ? ['The first of two equal local times'] : []),
    ...(effect?.kind === 'second' ? ['The second of two equal local times'] : []),
    ...(excluded === undefined ? [] : [`Excluded: ${excluded.reason}`]),
    ...(moved === undefined
      ? []
      : [`Moved from ${localIso(moved.from, timezone)}: ${moved.reason}`]),
  ];
}

/** `20300101T003000Z`. */
function utcForm(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** TEXT values (RFC 5545, 3.3.11); control characters have no place in them. */
function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/[^\t\P{Cc}]/gu, '');
}

const mostOctets = 75;

/** Lines of at most 75 octets, further ones begin with a blank; no character is torn apart. */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > mostOctets) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}
