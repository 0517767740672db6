import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { Health, Segment } from '../world/chronicle.ts';

/** A time in which nobody fired, or an instant at which the clock jumped ahead. */
export interface Gap {
  readonly fromMs: Milliseconds;
  readonly untilMs: Milliseconds;
  readonly fromAt: Instant;
  readonly untilAt: Instant;
  /** How it ended: only after a restart is it known to the millisecond when it was noticed. */
  readonly kind: 'restart' | 'jump' | 'full' | 'stalled';
  /** Too close to other trouble to say which rule holds. */
  isMuddled: boolean;
}

/** How the wall clock came past an instant. */
export type Crossing =
  | { readonly kind: 'none' }
  | { readonly kind: 'smooth'; readonly ms: Milliseconds }
  | { readonly kind: 'gap'; readonly gap: Gap; readonly ms: Milliseconds };

// Longer than it takes to notice a jump of the clock, or room on a full disk.
const noticedMs = 32_000;
const calmMs = 60_000;

/** The world's time as a line: where it ran, where it stood, where it jumped. */
export class Timeline {
  readonly gaps: Gap[];
  private readonly segments: readonly Segment[];
  private readonly upsets: readonly Milliseconds[];

  constructor(segments: readonly Segment[]) {
    this.segments = segments;
    this.gaps = findGaps(segments);
    this.upsets = segments.flatMap((segment, index) => {
      const before = segments[index - 1];
      return before && wallAfter(before, segment.fromMs) !== segment.wallAt ? [segment.fromMs] : [];
    });
    muddle(this.gaps, segments);
  }

  /** The first time the wall clock came to `at` or past it, within [fromMs, untilMs]. */
  crossing(at: Instant, fromMs: Milliseconds, untilMs: Milliseconds): Crossing {
    for (let index = 0; index < this.segments.length; index++) {
      const segment = this.segments[index];
      if (!segment || segment.fromMs > untilMs) break;
      const endMs = Math.min(this.segments[index + 1]?.fromMs ?? untilMs, untilMs);
      if (endMs < fromMs) continue;
      const ms = Math.max(segment.fromMs, fromMs, segment.fromMs + (at - segment.wallAt));
      if (ms <= endMs) return this.judge(segment, at, ms);
    }
    return { kind: 'none' };
  }

  /** Whether nothing unusual happened shortly before or after. */
  isCalm(ms: Milliseconds): boolean {
    const isNear = (at: Milliseconds) => ms > at - 5000 && ms < at + calmMs;
    const nearGap = this.gaps.some((gap) => ms > gap.fromMs - 5000 && ms < gap.untilMs + calmMs);
    return !nearGap && !this.upsets.some(isNear);
  }

  private judge(segment: Segment, at: Instant, ms: Milliseconds): Crossing {
    const isJumpedOver = ms === segment.fromMs && segment.wallAt > at;
    if (segment.health === 'up' && !isJumpedOver) return { kind: 'smooth', ms };
    const gap = this.gaps.find((other) => ms >= other.fromMs && ms <= other.untilMs);
    return gap ? { kind: 'gap', gap, ms } : { kind: 'smooth', ms };
  }
}

const wallAfter = (segment: Segment, ms: Milliseconds) => segment.wallAt + (ms - segment.fromMs);

function findGaps(segments: readonly Segment[]): Gap[] {
  const gaps: Gap[] = [];
  let open:
    | { fromMs: number; fromAt: number; healths: Set<Health>; isMuddled: boolean }
    | undefined;
  for (const [index, segment] of segments.entries()) {
    const before = segments[index - 1];
    const wallBefore = before ? wallAfter(before, segment.fromMs) : segment.wallAt;
    const jumpMs = segment.wallAt - wallBefore;
    if (segment.health !== 'up') {
      open ??= {
        fromMs: segment.fromMs,
        fromAt: wallBefore,
        healths: new Set(),
        isMuddled: false,
      };
      open.healths.add(segment.health);
      // While the daemon runs each jump is a gap of its own; only while it is down they are one.
      if (jumpMs < 0 || (jumpMs > 0 && segment.health !== 'down')) open.isMuddled = true;
      // So is what an edit or a pause ends on a full disk: each part is caught up by the rule.
      if (segment.health === 'full' && before?.health === 'full') open.isMuddled = true;
    } else if (open) {
      const { healths, isMuddled, ...from } = open;
      const kind = healths.has('down') ? 'restart' : healths.has('full') ? 'full' : 'stalled';
      const isMixed = healths.size > 1 || isMuddled;
      gaps.push({
        ...from,
        untilMs: segment.fromMs,
        untilAt: segment.wallAt,
        kind,
        isMuddled: isMixed,
      });
      open = undefined;
    } else if (jumpMs > 0) {
      const { fromMs, wallAt } = segment;
      const at = { fromMs, untilMs: fromMs, fromAt: wallBefore, untilAt: wallAt };
      gaps.push({ ...at, kind: 'jump', isMuddled: jumpMs < 2000 });
    }
  }
  return gaps;
}

/** Gaps that lie close together, or beside a clock set back, are not told apart. */
function muddle(gaps: readonly Gap[], segments: readonly Segment[]): void {
  for (const [index, gap] of gaps.entries()) {
    const next = gaps[index + 1];
    if (next && next.fromMs < gap.untilMs + noticedMs + calmMs) {
      gap.isMuddled = true;
      next.isMuddled = true;
    }
    for (const [position, segment] of segments.entries()) {
      const before = segments[position - 1];
      if (!before || wallAfter(before, segment.fromMs) <= segment.wallAt) continue;
      const isNear =
        segment.fromMs > gap.fromMs - calmMs && segment.fromMs < gap.untilMs + calmMs + noticedMs;
      if (isNear) gap.isMuddled = true;
    }
  }
}
