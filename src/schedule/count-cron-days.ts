import type { Instant } from '../clock/clock.ts';
import { packedDate } from './civil-date.ts';
import { cronDays } from './cron-days.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { CronFields, CronSchedule } from './schedule.ts';
import { type ZoneOffsets, zoneOffsets } from './zone-offsets.ts';

const daySeconds = 86_400;

/** How many occurrences there are in (after, the next one's after]. */
export interface CountedDay {
  readonly after: Instant;
  readonly count: number;
  /** The last of them. */
  readonly last: Instant | undefined;
}

/** What was counted of each kind of day: to be kept where one schedule is counted in pieces. */
export type DayKinds = Map<string, { readonly count: number; readonly lastMs: number }>;

/**
 * Counts a cron schedule's occurrences in (after, upTo], day by day. Days far from a change of
 * offset on which the same expressions fire have equal counts, so one of each kind is counted and
 * the others are looked up; days near a change and the pieces at the ends are counted in full.
 */
export function countCronDays(
  schedule: CronSchedule,
  after: Instant,
  upTo: Instant,
  kinds: DayKinds = new Map(),
): readonly CountedDay[] {
  const zone = zoneOffsets(schedule.timezone);
  const days: CountedDay[] = [];
  const lastSecond = Math.floor(upTo / 1000);
  let second = Math.floor(after / 1000) + 1;
  while (second <= lastSecond) {
    const midnight = nextMidnight(zone, second);
    const end = Math.min(midnight, lastSecond + 1);
    const kind = end - second === daySeconds ? quietKind(schedule, zone, second) : undefined;
    let counted = kind === undefined ? undefined : kinds.get(kind);
    if (counted === undefined) {
      counted = countIn(schedule, second, end);
      if (kind !== undefined) kinds.set(kind, counted);
    }
    const { count, lastMs } = counted;
    const last = count === 0 ? undefined : second * 1000 + lastMs;
    days.push({ after: second * 1000 - 1, count, last });
    second = end;
  }
  return days;
}

/** By the offset in force; whether a change comes before it does not matter to a boundary. */
function nextMidnight(zone: ZoneOffsets, second: number): number {
  const local = second + zone.offset(zone.stretchAt(second));
  return second + daySeconds - (((local % daySeconds) + daySeconds) % daySeconds);
}

/**
 * Which expressions fire on the day that begins at `second`, as a text; undefined when a change of
 * offset is so near that the day may be unlike others.
 */
function quietKind(schedule: CronSchedule, zone: ZoneOffsets, second: number): string | undefined {
  const stretch = zone.stretchAt(second);
  const isQuiet =
    second - daySeconds >= zone.start(stretch) && second + 2 * daySeconds <= zone.end(stretch);
  if (!isQuiet) return undefined;
  const date = packedDate(Math.floor((second + zone.offset(stretch)) / daySeconds));
  return schedule.crons.map((cron) => (firesOn(cron, date) ? '1' : '0')).join('');
}

function firesOn(cron: CronFields, date: number): boolean {
  const month = (date >> 5) & 15;
  if (((cron.months >> month) & 1) === 0) return false;
  return ((cronDays(cron, date >> 9, month) >> ((date & 31) - 1)) & 1) === 1;
}

/** `lastMs` after `from`. */
function countIn(schedule: CronSchedule, from: number, end: number) {
  let count = 0;
  let last = 0;
  let at = nextOccurrence(schedule, from * 1000 - 1, 0);
  while (at !== undefined && at < end * 1000) {
    count++;
    last = at;
    at = nextOccurrence(schedule, at, 0);
  }
  return { count, lastMs: last - from * 1000 };
}
