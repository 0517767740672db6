import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { Instant } from '../../clock/clock.ts';
import type { RunRecord } from '../../dispatch/run.ts';
import type { Paint } from '../../telemetry/paint.ts';
import { type Cell, type Column, renderTable } from './render-table.ts';
import { stateColor } from './state-color.ts';
import { isoSecond, shortRelativeTime } from './times.ts';

/** Below this there is no room for the column that tells the instant besides the distance. */
const wideColumns = 110;

/** The runs as a table. Ids are never cut: they are what the next command is given. */
export function renderRuns(
  runs: readonly RunRecord[],
  screen: { readonly width: number; readonly paint: Paint; readonly now: Instant },
): string[] {
  const isWide = screen.width >= wideColumns;
  const columns: Column[] = [
    { title: 'RUN' },
    { title: 'STATE' },
    ...(isWide ? [{ title: 'AT' }] : []),
    { title: 'WHEN' },
    { title: 'TOOK', align: 'right' },
    { title: 'NOTE', minWidth: 4 },
  ];
  return renderTable(
    columns,
    runs.map((run) => rowOf(run, screen.now, isWide)),
    screen,
  );
}

function rowOf(run: RunRecord, now: Instant, isWide: boolean): Cell[] {
  const at = run.startedAt ?? run.plannedAt;
  return [
    { text: run.id },
    { text: run.state, color: stateColor(run.state) },
    ...(isWide ? [{ text: isoSecond(at) }] : []),
    { text: shortRelativeTime(at, now) },
    { text: tookOf(run) },
    { text: noteOf(run, now), color: 'dim' },
  ];
}

function tookOf({ startedAt, endedAt }: RunRecord): string {
  return startedAt === undefined || endedAt === undefined
    ? ''
    : approximateDuration(endedAt - startedAt);
}

/** What is unusual about the run; nothing for one that went as planned. */
function noteOf(run: RunRecord, now: Instant): string {
  const notes = [
    run.retryAt === undefined ? undefined : `again ${shortRelativeTime(run.retryAt, now)}`,
    run.count === undefined || run.count === 1 ? undefined : `${run.count} times`,
    run.reason,
    run.attempt > 1 ? `attempt ${run.attempt}` : undefined,
    run.trigger === 'schedule' ? undefined : run.trigger,
    run.error === undefined ? undefined : `${run.error.name}: ${run.error.message}`,
  ];
  return notes.filter((note) => note !== undefined).join(', ');
}
