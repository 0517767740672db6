import type { Instant } from '../clock/clock.ts';
import type { LocalTime } from './local-time.ts';
import { zoneOffsets } from './zone-offsets.ts';

/** A change of a zone's offset: local times that are skipped, or that come twice. */
export interface ClockChange {
  /** The first instant of the new offset. */
  readonly at: Instant;
  readonly kind: 'gap' | 'overlap';
  /** First local time that is skipped, or repeated. */
  readonly from: LocalTime;
  /** First local time after those. */
  readonly to: LocalTime;
}

/** The changes within (after, upTo], in order. */
export function clockChanges(
  timezone: string,
  after: Instant,
  upTo: Instant,
): readonly ClockChange[] {
  const zone = zoneOffsets(timezone);
  const last = Math.floor(upTo / 1000);
  let stretch = zone.stretchAt(Math.floor(after / 1000));
  zone.coverUntil(last);
  const changes: ClockChange[] = [];
  while (!zone.isLast(stretch) && zone.end(stretch) <= last) {
    stretch++;
    const [before, offset] = [zone.offsetBefore(stretch), zone.offset(stretch)];
    if (before !== offset) changes.push(changeAt(zone.start(stretch), before, offset));
  }
  return changes;
}

const dayMs = 86_400_000;

/**
 * The change that an instant is affected by: it comes after a gap, by less than the gap's length, or
 * a clock shows its local time twice.
 */
export function clockChangeNear(timezone: string, at: Instant): ClockChange | undefined {
  return clockChanges(timezone, at - 2 * dayMs, at + 2 * dayMs).find((change) => {
    const lengthMs = change.to - change.from;
    return change.kind === 'gap'
      ? at >= change.at && at < change.at + lengthMs
      : at >= change.at - lengthMs && at < change.at + lengthMs;
  });
}

function changeAt(second: number, before: number, offset: number): ClockChange {
  const [low, high] = [Math.min(before, offset), Math.max(before, offset)];
  return {
    at: second * 1000,
    kind: offset > before ? 'gap' : 'overlap',
    from: (second + low) * 1000,
    to: (second + high) * 1000,
  };
}
