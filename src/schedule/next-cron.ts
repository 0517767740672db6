import type { Instant } from '../clock/clock.ts';
import { horizonEnd, horizonStart } from './horizon.ts';
import { nextLocalTime } from './next-local-time.ts';
import type { CronFields, DstGapPolicy, DstOverlapPolicy } from './schedule.ts';
import { type ZoneOffsets, zoneOffsets } from './zone-offsets.ts';

const firstSecond = horizonStart / 1000;
const lastSecond = horizonEnd / 1000 - 1;

interface DstPolicy {
  readonly dstGap?: DstGapPolicy;
  readonly dstOverlap?: DstOverlapPolicy;
}

/**
 * The first occurrence of one expression strictly after `after`.
 *
 * Works through the stretches of constant offset: inside one, an instant is a local time minus
 * the offset. Only at the seams do the policies speak: local times that the clock skips belong to
 * the stretch that begins there, repeated ones to the earlier or the later stretch.
 */
export function nextCronOccurrence(
  cron: CronFields,
  timezone: string,
  policy: DstPolicy,
  after: Instant,
): Instant | undefined {
  const zone = zoneOffsets(timezone);
  const gap = policy.dstGap ?? (cron.followsClock ? 'skip' : 'end');
  const overlap = policy.dstOverlap ?? (cron.followsClock ? 'both' : 'first');
  const from = Math.max(Math.floor(after / 1000) + 1, firstSecond);
  if (from > lastSecond) return undefined;
  let stretch = zone.stretchAt(from);
  for (;;) {
    const inGap = gap === 'skip' ? Infinity : fromGapBefore(cron, zone, stretch, gap, from);
    const offset = zone.offset(stretch);
    const local = nextLocalTime(cron, earliestLocal(zone, stretch, overlap, from));
    const second = local - offset;
    if (Math.min(second, inGap) > lastSecond) return undefined;
    if (zone.isLast(stretch) && zone.coverUntil(Math.min(second, lastSecond))) continue;
    const isHere = local < latestLocal(zone, stretch, overlap);
    if (inGap !== Infinity || isHere) return Math.min(inGap, isHere ? second : Infinity) * 1000;
    stretch = stretchToSearch(zone, stretch + 1, overlap, local);
  }
}

/**
 * The next stretch that may hold anything when no local time before `local` matches: not those that
 * end before it. But `local` was looked for from somewhere inside the stretch before, and where the
 * clock went back, this one may repeat what lies before that place.
 */
function stretchToSearch(
  zone: ZoneOffsets,
  next: number,
  overlap: DstOverlapPolicy,
  local: number,
): number {
  if (overlap !== 'first' && zone.offset(next) < zone.offsetBefore(next)) return next;
  let stretch = next;
  while (zone.end(stretch) + zone.offset(stretch) <= local && !zone.isLast(stretch)) stretch++;
  return stretch;
}

/** First local time of the stretch that counts, not before the second asked for. */
function earliestLocal(
  zone: ZoneOffsets,
  stretch: number,
  overlap: DstOverlapPolicy,
  from: number,
): number {
  const start = zone.start(stretch);
  const offset = zone.offset(stretch);
  const earliest = Math.max(from, start) + offset;
  // Repeated times were already shown by the stretch before.
  return overlap === 'first' ? Math.max(earliest, start + zone.offsetBefore(stretch)) : earliest;
}

/** First local time that no longer belongs to the stretch. */
function latestLocal(zone: ZoneOffsets, stretch: number, overlap: DstOverlapPolicy): number {
  const offset = zone.offset(stretch);
  const latest = overlap === 'second' ? Math.min(offset, zone.offsetAfter(stretch)) : offset;
  return zone.end(stretch) + latest;
}

/**
 * The first second, not before `from`, at which a time skipped where the stretch begins is made
 * up for: all of them at its first second (`end`), or each moved forward by the gap (`shift`).
 */
function fromGapBefore(
  cron: CronFields,
  zone: ZoneOffsets,
  stretch: number,
  gap: 'end' | 'shift',
  from: number,
): number {
  const start = zone.start(stretch);
  const before = zone.offsetBefore(stretch);
  const gapEnd = start + zone.offset(stretch);
  if (from + before >= gapEnd) return Infinity;
  if (gap === 'end' && from > start) return Infinity;
  const skipped = nextLocalTime(cron, Math.max(from, start) + before);
  if (skipped >= gapEnd) return Infinity;
  return gap === 'end' ? start : skipped - before;
}
