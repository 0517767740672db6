import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { Instant } from '../../clock/clock.ts';
import type { Paint } from '../../telemetry/paint.ts';
import type { Fire } from '../upcoming-fires.ts';
import { fireLegend, marksOf } from './fire-legend.ts';
import { inOrder, type NamedFire } from './named-fire.ts';
import { type Cell, type Column, renderTable } from './render-table.ts';
import { isoInstant, isoSecond, localIso, shortRelativeTime } from './times.ts';
import { wrapText } from './wrap-text.ts';

/** The fires in the order of time, and what the signs beside some of them mean. */
export function renderFires(
  fires: readonly NamedFire[],
  screen: { readonly width: number; readonly paint: Paint; readonly now: Instant },
  hasJobs: boolean,
): string[] {
  const hasJitter = fires.some(({ nominalAt, plannedAt }) => plannedAt > nominalAt);
  const isExact = areFine(fires);
  const columns: Column[] = [
    ...(hasJobs ? [{ title: 'JOB', minWidth: 12 }] : []),
    { title: 'LOCAL' },
    { title: 'UTC' },
    { title: 'IN' },
    ...(hasJitter ? [{ title: 'JITTER' }] : []),
  ];
  const rows = inOrder(fires).map((fire): Cell[] => [
    ...(hasJobs ? [{ text: fire.job }] : []),
    markedTime(fire, isExact),
    { text: isExact ? isoInstant(fire.nominalAt) : isoSecond(fire.nominalAt), color: 'dim' },
    { text: shortRelativeTime(fire.nominalAt, screen.now).replace(/^in /, '') },
    ...(hasJitter ? [{ text: jitterOf(fire) }] : []),
  ]);
  const legend = fireLegend(inOrder(fires))
    .flatMap((line) => wrapText(line, screen.width, '  '))
    .map((line) => screen.paint.dim(line));
  return [...renderTable(columns, rows, screen), ...(legend.length === 0 ? [] : ['', ...legend])];
}

function markedTime(fire: NamedFire, isExact: boolean): Cell {
  const at = isExact ? fire.nominalAt : Math.floor(fire.nominalAt / 1000) * 1000;
  const local = localIso(at, fire.timezone);
  const marks = marksOf(fire);
  return marks === '' ? { text: local } : { text: `${local} ${marks}`, color: 'yellow' };
}

/** Whether milliseconds matter: two fires of a job are no whole number of seconds apart. */
function areFine(fires: readonly NamedFire[]): boolean {
  const milliseconds = new Map<string, number>();
  return fires.some(({ job, nominalAt }) => {
    const rest = nominalAt % 1000;
    const known = milliseconds.get(job);
    milliseconds.set(job, rest);
    return known !== undefined && known !== rest;
  });
}

function jitterOf({ plannedAt, nominalAt }: Fire): string {
  return plannedAt === nominalAt ? '' : `+${approximateDuration(plannedAt - nominalAt)}`;
}
