import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { ClockChangeEffect } from '../../schedule/clock-change-effects.ts';
import type { ClockChange } from '../../schedule/clock-changes.ts';
import { clockText, dateText, localText } from '../../schedule/words/local-text.ts';
import { joinWords } from '../../schedule/words/value-list.ts';

/** What the changes of a zone's clocks do to a schedule, a line each; else why there is nothing. */
export function clockChangeLines(
  timezone: string,
  changes: readonly ClockChange[],
  effects: readonly ClockChangeEffect[],
): readonly string[] {
  if (changes.length === 0) return [`No clock changes in ${timezone}.`];
  if (effects.length === 0) {
    const dates = changes.map(({ from }) => dateText(from));
    return [`Clocks change on ${joinWords(dates)}; no fire is concerned.`];
  }
  const lines = effects.map((effect) => `${dateText(effect.change.from)}  ${effectText(effect)}`);
  return [...new Set(lines)];
}

function effectText(effect: ClockChangeEffect): string {
  const { kind, count, driftMs = 0, fires } = effect;
  const [does, comes] = count === 1 ? ['does', 'comes'] : ['do', 'come'];
  const times = timesText(effect);
  const movedTo = movedText(effect);
  switch (kind) {
    case 'drifts': {
      const length = approximateDuration(Math.abs(driftMs));
      return `fires ${length} ${driftMs > 0 ? 'later' : 'earlier'} by the clock from then on`;
    }
    case 'skipped':
      return `${times} ${does} not exist: skipped`;
    case 'moved':
      if (count === 1) return `${times} does not exist: moved to ${movedTo}`;
      return fires === 1
        ? `${times} do not exist: one fire at ${movedTo} for all of them`
        : `${times} do not exist: moved to ${movedTo} and after`;
    case 'twice':
      return `${times} ${comes} twice: fires both times`;
    case 'first':
    case 'second':
      return `${times} ${comes} twice: fires the ${kind} time`;
    default:
      return kind satisfies never;
  }
}

function timesText({ times, count }: ClockChangeEffect): string {
  const shown = times.map(clockText);
  return count === times.length ? joinWords(shown) : `${shown.join(', ')} ... (${count} times)`;
}

/** With its date where a whole day is skipped. */
function movedText({ times, movedTo = 0 }: ClockChangeEffect): string {
  const isSameDay = dateText(times[0] ?? movedTo) === dateText(movedTo);
  return isSameDay ? clockText(movedTo) : localText(movedTo);
}
