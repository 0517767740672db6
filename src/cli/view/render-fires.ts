import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { Instant } from '../../clock/clock.ts';
import type { Paint } from '../../telemetry/paint.ts';
import type { Fire } from '../upcoming-fires.ts';
import { type Cell, type Column, renderTable } from './render-table.ts';
import { isoInstant, localIso, relativeTime } from './times.ts';

export interface NamedFire extends Fire {
  /** Empty for an expression without a job. */
  readonly job: string;
  /** The zone the time is shown in. */
  readonly timezone: string;
}

/** The fires in the order of time. */
export function renderFires(
  fires: readonly NamedFire[],
  screen: { readonly width: number; readonly paint: Paint; readonly now: Instant },
  hasJobs: boolean,
): string[] {
  const hasJitter = fires.some(({ nominalAt, plannedAt }) => plannedAt > nominalAt);
  const columns: Column[] = [
    ...(hasJobs ? [{ title: 'JOB', minWidth: 12 }] : []),
    { title: 'LOCAL' },
    { title: 'UTC' },
    { title: 'IN' },
    ...(hasJitter ? [{ title: 'JITTER' }] : []),
  ];
  const rows = inOrder(fires).map((fire): Cell[] => [
    ...(hasJobs ? [{ text: fire.job }] : []),
    { text: localIso(fire.nominalAt, fire.timezone) },
    { text: isoInstant(fire.nominalAt), color: 'dim' },
    { text: relativeTime(fire.nominalAt, screen.now).replace(/^in /, '') },
    ...(hasJitter ? [{ text: jitterOf(fire) }] : []),
  ]);
  return renderTable(columns, rows, screen);
}

/** The fires as programs read them, in the order of time. */
export function fireViews(fires: readonly NamedFire[]) {
  return inOrder(fires).map(({ job, nominalAt, plannedAt, timezone }) => ({
    ...(job !== '' && { job }),
    nominal: new Date(nominalAt).toISOString(),
    planned: new Date(plannedAt).toISOString(),
    local: localIso(nominalAt, timezone),
    timezone,
  }));
}

function inOrder(fires: readonly NamedFire[]): readonly NamedFire[] {
  return [...fires].sort((a, b) => a.nominalAt - b.nominalAt || (a.job < b.job ? -1 : 1));
}

function jitterOf({ nominalAt, plannedAt }: Fire): string {
  return plannedAt === nominalAt ? '' : `+${approximateDuration(plannedAt - nominalAt)}`;
}
