import type { SimWorld } from '../world/sim-world.ts';
import { checkReactions } from './check-reactions.ts';
import { checkTrack } from './check-track.ts';
import { Coverage } from './coverage.ts';
import { Timeline } from './crossing.ts';
import { trackTimes } from './track-times.ts';

const day = 86_400_000;

/** The ledger of a whole life against the oracle's list. */
export function checkLedger(world: SimWorld): void {
  for (const { record } of world.ledger.unfinished()) {
    world.violate(
      `STUCK ${record.id} ${record.state} since ${record.startedAt ?? record.plannedAt}`,
    );
  }
  const coverage = new Coverage(world.ledger.entries.values());
  const timeline = new Timeline(world.segments);
  const span = { fromAt: world.span.startAt - 6 * day, untilAt: world.span.endAt + 14 * day };
  const tracks = world.tracks.map((track) => ({ track, ...trackTimes(track, span) }));
  for (const timed of tracks) checkTrack(timed, { world, coverage, timeline });
  checkPhantoms(world, coverage, tracks);
  checkReactions(world);
  checkOutcomes(world);
}

/** Every record stands for times that a schedule in force produced. */
function checkPhantoms(
  world: SimWorld,
  coverage: Coverage,
  tracks: readonly (ReturnType<typeof trackTimes> & { track: SimWorld['tracks'][number] })[],
): void {
  const known = new Map<string, Set<number>>();
  const loose = new Set<string>();
  for (const { track, times, unlimited } of tracks) {
    for (const name of track.names) {
      if (track.isLoose) loose.add(name);
      const instants = known.get(name) ?? new Set();
      known.set(name, instants);
      for (const at of times) instants.add(at);
      // Set back behind where it was first seen, a schedule produces earlier times too.
      const isRevisited = world.revisits.some(({ fromAt }) => fromAt <= track.fromAt);
      if (isRevisited) for (const at of unlimited) instants.add(at);
    }
  }
  for (const { record } of coverage.allRuns()) {
    const name = record.id.slice(0, record.id.lastIndexOf('@'));
    if (loose.has(name) || known.get(name)?.has(record.nominalAt ?? 0)) continue;
    world.violate(`PHANTOM ${record.id} ${record.state} ${record.trigger}`);
  }
}

/** The ledger says of each run what its host said first, or that it was lost. */
function checkOutcomes(world: SimWorld): void {
  const last = new Map(world.starts.map((start) => [start.id, start]));
  for (const { record } of world.ledger.entries.values()) {
    const { state, attempt, id } = record;
    if (state !== 'succeeded' && state !== 'failed' && state !== 'timed-out') continue;
    const start = last.get(id);
    if (start?.attempt !== attempt || start.outcome !== state) {
      world.violate(
        `LIAR ${id} ${attempt} is ${state}; its host: ${start?.attempt} ${start?.outcome}`,
      );
    }
  }
}
