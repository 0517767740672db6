import type { CalendarRule } from './calendar-rule.ts';
import type { GapCollector } from './gap-collector.ts';
import { type GapPiece, gapPieces } from './gap-pieces.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Progress } from './progress.ts';
import type { ExcludedStretch, TakeUpInput } from './take-up.ts';

const dayMs = 86_400_000;

/**
 * Collects what a long gap holds in pieces of a day, up to a day before its end, and gives the
 * progress from which each occurrence is to be looked at. Nothing is collected, and the progress is
 * that of the input, where occurrences are moved or counted, or the gap is short.
 */
export function passLongGap(
  input: TakeUpInput,
  rule: CalendarRule,
  into: { readonly gap: GapCollector; addExcluded(stretch: ExcludedStretch): void },
): Progress {
  const { schedule, progress, gapEndAt } = input;
  const { cursorAt: after, anchorAt: anchor } = progress;
  const upTo = gapEndAt - dayMs;
  if (rule.shift !== undefined || schedule.repeats !== undefined || upTo < after + dayMs)
    return progress;
  // Jitter runs out before the next time: with one more in the gap, all up to `upTo` belong to it.
  const following = nextOccurrence(schedule, upTo, anchor);
  if (following === undefined || following > gapEndAt) return progress;
  const pieces = gapPieces(schedule, rule, { after, upTo, anchor });
  const keptFrom = firstKept(pieces, into.gap.wanted);
  let { cursorAt, occurrences } = progress;
  pieces.forEach((piece, index) => {
    const { firstAt, lastAt, count, reason } = piece;
    if (reason !== undefined) into.addExcluded({ firstAt, lastAt, count, reason });
    else if (index < keptFrom) into.gap.addOld(piece);
    else keep(piece, input, occurrences, into.gap);
    occurrences += count;
    cursorAt = lastAt;
  });
  return { cursorAt, anchorAt: anchor, occurrences };
}

/** From here on there are as many allowed ones as are wanted, if there are so many at all. */
function firstKept(pieces: readonly GapPiece[], wanted: number): number {
  let index = pieces.length;
  for (let missing = wanted; missing > 0 && index > 0; index--) {
    const piece = pieces[index - 1];
    if (piece?.reason === undefined) missing -= piece?.count ?? 0;
  }
  return index;
}

function keep(piece: GapPiece, input: TakeUpInput, before: number, gap: GapCollector): void {
  const { schedule, progress, plan } = input;
  let nominalAt: number | undefined = piece.firstAt;
  for (let number = before + 1; nominalAt !== undefined && nominalAt <= piece.lastAt; number++) {
    gap.add({ nominalAt, plannedAt: plan(nominalAt), number });
    nominalAt = nextOccurrence(schedule, nominalAt, progress.anchorAt);
  }
}
