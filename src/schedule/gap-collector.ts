import type { Instant } from '../clock/clock.ts';
import { wantedOf, windowStart } from './catch-up-rule.ts';
import type { GapPiece } from './gap-pieces.ts';
import type { MissedStretch, Occurrence, TakeUpInput } from './take-up.ts';

export interface DatedOccurrence {
  readonly nominalAt: Instant;
  readonly plannedAt: Instant;
  readonly number: number;
}

/**
 * The allowed occurrences of a gap, told oldest first: counts all, keeps the newest that may be
 * caught up.
 */
export class GapCollector {
  readonly wanted: number;
  private readonly input: TakeUpInput;
  private newest: DatedOccurrence[] = [];
  private count = 0;
  private first: Instant | undefined;
  private lastDropped: Instant | undefined;

  constructor(input: TakeUpInput) {
    this.input = input;
    this.wanted = wantedOf(input.catchUp);
  }

  add(dated: DatedOccurrence): void {
    this.count += 1;
    this.first ??= dated.nominalAt;
    this.newest.push(dated);
    if (this.newest.length > this.wanted) this.lastDropped = this.newest.shift()?.nominalAt;
  }

  /** Several that are too old to be among the newest: `wanted` of them are still to come. */
  addOld({ firstAt, lastAt, count }: Pick<GapPiece, 'firstAt' | 'lastAt' | 'count'>): void {
    this.count += count;
    this.first ??= firstAt;
    this.lastDropped = lastAt;
  }

  judge(): { fire: readonly Occurrence[]; missed?: MissedStretch } {
    if (this.first === undefined) return { fire: [] };
    const { input } = this;
    const openStart = windowStart(input, this.newest.at(-1)?.nominalAt ?? input.gapEndAt);
    const caughtUp = this.newest.filter(({ nominalAt }) => nominalAt > openStart);
    const fire = caughtUp.map((dated): Occurrence => ({ ...dated, trigger: 'catch-up' }));
    const count = this.count - fire.length;
    if (count === 0) return { fire };
    const tooOld = this.newest.at(-1 - caughtUp.length);
    const lastAt = tooOld?.nominalAt ?? this.lastDropped ?? this.first;
    const reason = lastAt <= openStart ? 'window' : 'outage';
    return { fire, missed: { firstAt: this.first, lastAt, count, reason } };
  }
}
