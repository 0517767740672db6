import type { Instant } from '../../../src/clock/clock.ts';
import type { Span } from '../oracle/cron-instants.ts';
import { scheduleInstants } from '../oracle/schedule-instants.ts';
import type { JobTrack } from '../world/chronicle.ts';

/** What a schedule produces while it is in force, by the oracle. */
export interface TrackTimes {
  /** In order; the number of each in the life of the schedule is its index + 1. */
  readonly times: readonly Instant[];
  /** All that the schedule names, `repeats` or not: for who asks how far apart they lie. */
  readonly unlimited: readonly Instant[];
}

/** Times strictly after the schedule was first seen, as many as `repeats` allows at each moment. */
export function trackTimes(track: JobTrack, span: Span): TrackTimes {
  const unlimited = scheduleInstants(track.schedule, track.anchorAt, span);
  const times: Instant[] = [];
  let edition = 0;
  for (const at of unlimited) {
    if (at <= track.fromAt) continue;
    if (track.optionalTo !== undefined && at > track.optionalTo) break;
    for (let next = track.editions[edition + 1]; next && next.fromAt < at; ) {
      edition += 1;
      next = track.editions[edition + 1];
    }
    const { repeats } = track.editions[edition]?.job ?? {};
    if (repeats === undefined || times.length < repeats) times.push(at);
  }
  return { times, unlimited };
}
