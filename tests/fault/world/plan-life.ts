import { type FailPoint, failPoints } from '../../../src/daemon/fail-point.ts';
import type { Random } from '../../support/random.ts';

export type Ending =
  | { readonly kind: 'fail-point'; readonly point: FailPoint; readonly count: number }
  /** `kill -9` when its life is over. */
  | { readonly kind: 'blind' }
  /** SIGTERM, and `kill -9` so long after it, if it is still there. */
  | { readonly kind: 'in-drain'; readonly afterMs: number }
  /** `kill -9` while it starts or recovers: after this share of the time that a start takes. */
  | { readonly kind: 'at-start'; readonly share: number };

export type ActionKind =
  | 'touch'
  | 'reschedule'
  | 'pass'
  | 'break'
  | 'change-service'
  | 'kill-host'
  | 'stop-host'
  | 'stop-daemon';

export interface Action {
  readonly kind: ActionKind;
  readonly afterMs: number;
  /** For how long something is stopped. */
  readonly forMs: number;
}

export interface LifePlan {
  readonly ending: Ending;
  readonly livesMs: number;
  readonly actions: readonly Action[];
}

const edits = ['touch', 'reschedule', 'pass', 'break', 'change-service'] as const;
/** How many times a busy daemon passes the point within a second or so. */
const often: ReadonlySet<FailPoint> = new Set([
  'commit-sent',
  'commit-durable',
  'before-hand-over',
  'handed-over',
  'end-received',
  'settled',
]);

/** What happens to one life of the daemon. Each fail point has its turn before one comes again. */
export function planLife(random: Random, index: number, longestMs: number): LifePlan {
  const ending = planEnding(random, index);
  const livesMs = random.between(300, longestMs);
  const actions = planActions(random, livesMs);
  const needsEdit =
    ending.kind === 'fail-point' &&
    (ending.point === 'before-reload' || ending.point === 'reloaded');
  if (needsEdit)
    actions.push({ kind: random.pick(['touch', 'reschedule', 'pass']), ...at(random) });
  return { ending, livesMs, actions: actions.sort((a, b) => a.afterMs - b.afterMs) };
}

function planEnding(random: Random, index: number): Ending {
  // The first life is left to write its first records.
  if (index === 0) return { kind: 'blind' };
  if (index % 4 === 3) return { kind: 'at-start', share: random.next() * 1.1 };
  if (index % 10 === 8) {
    const afterMs = random.between(0, 900);
    return random.chance(0.5) ? { kind: 'blind' } : { kind: 'in-drain', afterMs };
  }
  const turn = index - Math.floor((index + 1) / 4);
  const point = failPoints[turn % failPoints.length] ?? 'recovered';
  const count = often.has(point)
    ? random.between(1, 20)
    : point === 'taken-up'
      ? random.between(1, 4)
      : 1;
  return { kind: 'fail-point', point, count };
}

function planActions(random: Random, livesMs: number): Action[] {
  const actions: Action[] = [];
  const add = (kind: ActionKind) =>
    actions.push({ kind, ...at(random), afterMs: random.between(0, livesMs) });
  if (random.chance(0.35)) add(random.pick(edits));
  if (random.chance(0.2)) add('kill-host');
  if (random.chance(0.15)) add('stop-host');
  if (random.chance(0.1)) add('stop-daemon');
  return actions;
}

function at(random: Random): { afterMs: number; forMs: number } {
  // Now and then longer than the daemon takes for a gap.
  const forMs = random.chance(0.05) ? random.between(5200, 6500) : random.between(50, 900);
  return { afterMs: random.between(0, 400), forMs };
}
