import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { Edition, JobTrack, Pause } from '../world/chronicle.ts';
import type { SimWorld } from '../world/sim-world.ts';

/** Why nothing of the job fires at this time, if so; at most one reason, the job's own first. */
export function standstillAt(
  track: JobTrack,
  at: Instant,
  world: SimWorld,
  ms: Milliseconds,
): 'disabled' | 'paused' | undefined {
  const edition = editionAt(track, ms);
  if (edition && !edition.job.policies.enabled) return 'disabled';
  return pausesOf(track, edition, world).some((pause) => isWithin(pause, at))
    ? 'paused'
    : undefined;
}

/** What was in force when this moment came; an edit at this very moment came too late for it. */
export function editionAt(track: JobTrack, ms: Milliseconds): Edition | undefined {
  return track.editions.findLast(({ fromMs }) => fromMs < ms) ?? track.editions[0];
}

export function pausesOf(
  track: JobTrack,
  edition: Edition | undefined,
  world: SimWorld,
): readonly Pause[] {
  const group = `group:${edition?.job.policies.group}`;
  const above = world.tracking.above.filter(({ key }) => key === 'all:' || key === group);
  return [...track.pauses, ...above];
}

const isWithin = ({ fromAt, toAt }: Pause, at: Instant) =>
  at > fromAt && at <= (toAt ?? Number.POSITIVE_INFINITY);
