import type { Instant } from '../../../src/clock/clock.ts';
import type { JobTrack } from '../world/chronicle.ts';
import type { SimWorld } from '../world/sim-world.ts';
import { checkGaps } from './check-gaps.ts';
import type { Coverage } from './coverage.ts';
import type { Gap, Timeline } from './crossing.ts';
import type { LedgerEntry } from './ledger-stream.ts';
import { editionAt, pausesOf, standstillAt } from './standstill.ts';
import type { TrackTimes } from './track-times.ts';

export interface Scene {
  readonly world: SimWorld;
  readonly coverage: Coverage;
  readonly timeline: Timeline;
}

export interface TimedTrack extends TrackTimes {
  readonly track: JobTrack;
}

// From the instant something is due to its record on the disk, when nothing is wrong.
const promptMs = 1000;

/** Each time of the schedule in exactly one record, and in the right one. */
export function checkTrack(timed: TimedTrack, scene: Scene): void {
  const { track, times } = timed;
  if (track.isLoose) return;
  const { world, coverage } = scene;
  for (const [index, at] of times.entries()) {
    const found = coverage.of(track.names, at);
    const isCertain = at <= (track.certainTo ?? world.clock.now()) - jitterBefore(track, at);
    if (found.length === 0 && isCertain) lost(timed, at, scene);
    if (found.length > 1 && !isRevisited(at, world)) {
      const ids = found.map(({ record }) => `${record.id} ${record.state}`).join(', ');
      world.violate(`TWICE ${track.names.at(-1)} ${iso(at)}: ${ids}`);
    }
    const [only] = found;
    if (found.length === 1 && only && !isRevisited(at, world)) {
      checkKind(timed, at, only, index + 1, scene);
    }
    checkRevisit(timed, at, scene);
  }
  if (!world.revisits.some(({ fromAt }) => fromAt < (track.toAt ?? 0))) checkCounts(timed, scene);
  checkGaps(timed, scene);
}

function lost({ track }: TimedTrack, at: Instant, { world, timeline }: Scene): void {
  const crossing = timeline.crossing(at, track.fromMs, track.toMs ?? world.nowMs);
  if (crossing.kind === 'none') return;
  const how = crossing.kind === 'gap' ? `in a ${crossing.gap.kind} gap` : 'on an ordinary day';
  world.violate(`LOST ${track.names.at(-1)} ${iso(at)} ${how}`);
}

/** On an ordinary day: skipped while it stands still, else a run, promptly on record. */
function checkKind(
  timed: TimedTrack,
  at: Instant,
  { record, recordedMs }: LedgerEntry,
  number: number,
  scene: Scene,
): void {
  const { world, timeline } = scene;
  const { track } = timed;
  const crossing = timeline.crossing(at, track.fromMs, track.toMs ?? world.nowMs);
  if (hasJitter(track)) return;
  if (crossing.kind === 'gap' && wasPausedBefore(track, at, crossing.gap, world)) {
    if (record.reason?.startsWith('paused: ')) return;
    const what = `${record.id} ${record.state} ${record.trigger} for ${iso(at)}`;
    return world.violate(`FIRED ${what}, which fell into a pause and an outage`);
  }
  if (crossing.kind !== 'smooth') return;
  const standstill = standstillAt(track, at, world, crossing.ms);
  if (!timeline.isCalm(crossing.ms)) return;
  const say = (promise: string, detail: string) =>
    world.violate(
      `${promise} ${record.id} ${record.state} ${record.reason ?? ''} for ${iso(at)} ${detail}`,
    );
  if (standstill) {
    const fits = record.state === 'skipped' && record.reason?.split(':')[0] === standstill;
    if (!fits) say('FIRED', `while it was ${standstill}`);
    return;
  }
  if (record.lastNominalAt !== undefined) return say('IDLE', 'on an ordinary day');
  if (record.trigger !== 'schedule') say('TRIGGER', record.trigger);
  const slownessMs = 3 * world.slownessAt(crossing.ms);
  if (recordedMs > crossing.ms + promptMs + slownessMs) {
    say('DELAYED', `by ${recordedMs - crossing.ms} ms`);
  }
  // Times that come twice are counted twice.
  if (world.revisits.some(({ atMs }) => atMs < crossing.ms)) return;
  const start = world.firstStart(record.id);
  if (start?.runNumber && start.runNumber !== number && start.attempt === 1) {
    say('NUMBER', `is number ${number}, told ${start.runNumber}`);
  }
}

/** Paused long before the gap began, and still at this time; enabled and not edited all the while. */
function wasPausedBefore(track: JobTrack, at: Instant, gap: Gap, world: SimWorld): boolean {
  const edition = editionAt(track, gap.untilMs + 1);
  const isEdited = track.editions.some(
    ({ fromMs }) => fromMs > gap.fromMs - 60_000 && fromMs < gap.untilMs + 60_000,
  );
  if (isEdited || !edition?.job.policies.enabled) return false;
  return pausesOf(track, edition, world).some(
    ({ fromAt, toAt = Number.POSITIVE_INFINITY }) =>
      fromAt < gap.fromAt - 60_000 && at > fromAt && at <= toAt,
  );
}

// A cursor that is ahead of a clock set back by less stays where it is.
const shortSetBackMs = 3_600_000 + 60_000;

/** Set back by hours, the clock comes to the same times again: what never ran has its turn now. */
function checkRevisit(timed: TimedTrack, at: Instant, scene: Scene): void {
  const { world, timeline, coverage } = scene;
  const { track } = timed;
  const last = world.revisits.findLast(({ fromAt, toAt }) => at > fromAt && at <= toAt);
  if (!last || at < last.fromAt + shortSetBackMs || hasJitter(track)) return;
  const fromMs = Math.max(last.atMs, track.fromMs);
  const crossing = timeline.crossing(at, fromMs, track.toMs ?? world.nowMs);
  if (crossing.kind !== 'smooth' || !timeline.isCalm(crossing.ms) || at <= track.fromAt) return;
  if (standstillAt(track, at, world, crossing.ms)) return;
  // A pause laid while the clock was ahead holds until its end, from before it began.
  const pauses = pausesOf(track, editionAt(track, crossing.ms), world);
  if (pauses.some(({ toAt = Number.POSITIVE_INFINITY }) => toAt >= at)) return;
  const found = coverage.of(track.names, at);
  const hasRun = found.some(({ record }) => record.lastNominalAt === undefined);
  const isBegun = found.some(({ record }) => record.nominalAt === at);
  if (!hasRun && !isBegun) {
    world.violate(`STANDSTILL ${track.names.at(-1)} ${iso(at)}, after the clock was set back`);
  }
}

/** A stretch says how many times it stands for. */
function checkCounts({ track, times }: TimedTrack, { world, coverage }: Scene): void {
  for (const { record } of track.names.flatMap((name) => coverage.stretchesOf(name))) {
    const { nominalAt = 0, lastNominalAt = 0, count } = record;
    if (nominalAt <= track.fromAt || lastNominalAt > (track.certainTo ?? lastNominalAt)) continue;
    const inside = times.filter((at) => at >= nominalAt && at <= lastNominalAt).length;
    if (inside !== count) world.violate(`COUNT ${record.id} says ${count} of ${inside}`);
  }
}

const hasJitter = ({ editions }: JobTrack) => editions.some(({ job }) => job.policies.jitterMs > 0);

/** When a job is taken out while nobody looks, what waits for its jitter may be gone with it. */
function jitterBefore(track: JobTrack, at: Instant): number {
  const isEndedUnseen = track.certainTo !== undefined && track.certainTo < (track.toAt ?? at);
  return isEndedUnseen ? Math.max(...track.editions.map(({ job }) => job.policies.jitterMs)) : 0;
}

function isRevisited(at: Instant, world: SimWorld): boolean {
  return world.revisits.some(({ fromAt, toAt }) => at > fromAt - 1 && at <= toAt);
}

const iso = (at: Instant) => new Date(at).toISOString();
