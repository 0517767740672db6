import { localTimeOf } from '../../schedule/local-time.ts';
import { clockText, dateText } from '../../schedule/words/local-text.ts';
import { calendarLines, calendarSign } from './calendar-lines.ts';
import type { NamedFire } from './named-fire.ts';

/** The signs beside a fire whose time is not what its schedule lets expect. */
export function marksOf(fire: NamedFire): string {
  const { effect, silence, isGuess } = fire;
  const signs = { moved: '>', first: '1', second: '2' } as const;
  return [
    effect === undefined ? '' : signs[effect.kind],
    calendarSign(fire),
    isGuess === true ? '?' : '',
    silence === undefined ? '' : 'x',
  ].join('');
}

/** What the signs of these fires mean, a line each; nothing when none has any. */
export function fireLegend(fires: readonly NamedFire[]): readonly string[] {
  const has = (kind: string) => fires.some(({ effect }) => effect?.kind === kind);
  const silences = new Set(fires.flatMap(({ silence }) => silence ?? []));
  return [
    ...movedLines(fires),
    ...(has('first') ? ['1 the clock shows this time twice: this is the first'] : []),
    ...(has('second') ? ['2 the clock shows this time twice: this is the second'] : []),
    ...calendarLines(fires),
    ...(fires.some(({ isGuess }) => isGuess)
      ? ['? counted from now; a daemon counts from when it first sees the job']
      : []),
    ...[...silences].map((silence) => `x the job is ${silence}: it will not fire`),
    ...(fires.some(({ nominalAt, plannedAt }) => plannedAt > nominalAt)
      ? ['JITTER is how much later the run starts, the same on every node']
      : []),
  ];
}

const mostMoved = 3;

function movedLines(fires: readonly NamedFire[]): readonly string[] {
  const lines = new Set(fires.flatMap((fire) => movedLine(fire) ?? []));
  const rest = lines.size - mostMoved;
  return [...lines]
    .slice(0, mostMoved)
    .concat(rest > 0 ? [`> ... and ${rest} more like these`] : []);
}

function movedLine({ effect, nominalAt, scheduleZone }: NamedFire): string | undefined {
  if (effect?.kind !== 'moved') return undefined;
  const to = localTimeOf(nominalAt, scheduleZone);
  const isOtherDay = dateText(to) !== dateText(effect.from);
  const moved = `${isOtherDay ? `${dateText(to)} ` : ''}${clockText(to)}`;
  return `> ${dateText(effect.from)} has no ${clockText(effect.from)} in ${scheduleZone}: moved to ${moved}`;
}
