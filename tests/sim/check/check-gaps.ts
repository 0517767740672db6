import type { Instant } from '../../../src/clock/clock.ts';
import type { Scene, TimedTrack } from './check-track.ts';
import type { Gap } from './crossing.ts';
import { editionAt, pausesOf } from './standstill.ts';

const day = 86_400_000;
// So shortly before a gap, or into it, an occurrence may have been taken up or not.
const beginMs = 20_000;

/** Every gap that can be told from its surroundings is caught up by the job's own rule. */
export function checkGaps(timed: TimedTrack, scene: Scene): void {
  const { track } = timed;
  if (track.editions.some(({ job }) => job.policies.jitterMs > 0)) return;
  for (const gap of scene.timeline.gaps) {
    const isInside = gap.fromMs > track.fromMs && gap.untilMs < (track.toMs ?? Infinity) - 60_000;
    if (isInside && !gap.isMuddled && gap.kind !== 'stalled') checkGap(timed, gap, scene);
  }
}

function checkGap(timed: TimedTrack, gap: Gap, scene: Scene): void {
  const { track, times, unlimited } = timed;
  const { world, coverage } = scene;
  const edition = editionAt(track, gap.untilMs + 1);
  // An edit that comes as the gap ends may find it judged by what was in force before.
  const isEdited = track.editions.some(
    ({ fromMs, isByRestart }) =>
      fromMs < gap.untilMs + 60_000 &&
      (fromMs > gap.untilMs || (fromMs === gap.untilMs && !isByRestart)),
  );
  const endsExactly = gap.kind === 'restart';
  const inside = times.filter((at) => at > gap.fromAt - beginMs && at <= gap.untilAt);
  // A full disk is noticed by the first that is due: that one is taken up already, and comes late.
  const isNoticed = (at: Instant) => gap.kind !== 'full' || at !== inside[0];
  const sure = inside.filter((at) => at > gap.fromAt + beginMs && isNoticed(at));
  const after = times.some((at) => at > gap.untilAt && at <= gap.untilAt + 40_000);
  if (sure.length === 0 || !edition || isEdited || (after && !endsExactly)) return;
  const comesTwice = world.revisits.some(
    ({ fromAt, toAt }) => fromAt <= gap.untilAt && toAt > gap.fromAt - beginMs,
  );
  if (comesTwice || !wasFree(timed, gap, scene)) return;
  const { catchUp } = edition.job.policies;
  const wanted = catchUp.mode === 'none' ? 0 : catchUp.mode === 'latest' ? 1 : catchUp.limit;
  const openStart = windowStart(timed, gap, unlimited);
  if (openStart === undefined) return;
  const fuzzMs = endsExactly ? 0 : 40_000;
  const newest = wanted === 0 ? [] : sure.slice(-wanted);
  let lastOrder = -1;
  for (const at of sure) {
    if (fuzzMs > 0 && Math.abs(at - openStart) <= fuzzMs) continue;
    const [found] = coverage.of(track.names, at);
    if (!found) continue;
    const isWanted = newest.includes(at) && at > openStart;
    const isRun = found.record.lastNominalAt === undefined;
    if (isRun && found.order < lastOrder) {
      world.violate(`ORDER ${found.record.id} is caught up after a later time`);
    }
    if (isRun) lastOrder = found.order;
    if (isRun === isWanted && (!isRun || found.record.trigger === 'catch-up')) continue;
    world.violate(
      `CATCHUP ${track.names.at(-1)} ${new Date(at).toISOString()} ${catchUp.mode}, ${gap.kind} until ` +
        `${new Date(gap.untilAt).toISOString()}: ${found.record.state} ${found.record.trigger}, ` +
        `${isWanted ? 'to be caught up' : 'to be missed'}`,
    );
  }
}

/** Enabled and not paused all the time, and before it too. */
function wasFree({ track }: TimedTrack, gap: Gap, { world }: Scene): boolean {
  const near = track.editions.filter(
    ({ fromMs }, index) =>
      fromMs <= gap.untilMs && (track.editions[index + 1]?.fromMs ?? Infinity) >= gap.fromMs,
  );
  if (near.some(({ job }) => !job.policies.enabled)) return false;
  return near.every((edition) =>
    pausesOf(track, edition, world).every(
      ({ fromAt, toAt = Infinity }) => toAt < gap.fromAt - day || fromAt > gap.untilAt + day,
    ),
  );
}

/** By DESIGN §6: the job's window, or the longer of a day and one period; one-time jobs have none. */
function windowStart(
  timed: TimedTrack,
  gap: Gap,
  unlimited: readonly Instant[],
): Instant | undefined {
  const edition = editionAt(timed.track, gap.untilMs + 1);
  const { windowMs } = edition?.job.policies.catchUp ?? {};
  if (windowMs !== undefined) return gap.untilAt - windowMs;
  const { schedule } = timed.track;
  if (schedule.type === 'one-time') return Number.NEGATIVE_INFINITY;
  const last = timed.times.findLast((at) => at <= gap.untilAt) ?? 0;
  const following = unlimited.find((at) => at > last);
  const hasMore = schedule.type !== 'manual' && schedule.untilAt === undefined;
  // The oracle's list ends before the next one.
  if (following === undefined && hasMore) return undefined;
  return gap.untilAt - Math.max(day, following === undefined ? 0 : following - last);
}
