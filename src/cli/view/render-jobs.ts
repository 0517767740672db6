import type { Instant } from '../../clock/clock.ts';
import type { JobView } from '../../daemon/control.ts';
import type { Paint } from '../../telemetry/paint.ts';
import { type Cell, type Column, renderTable } from './render-table.ts';
import { stateColor } from './state-color.ts';
import { isoSecond, shortRelativeTime } from './times.ts';

const columns: readonly Column[] = [
  { title: 'JOB', minWidth: 12 },
  { title: 'SCHEDULE', minWidth: 10 },
  { title: 'NEXT' },
  { title: '' },
  { title: 'LAST', minWidth: 17 },
];

export function renderJobs(
  jobs: readonly JobView[],
  screen: { readonly width: number; readonly paint: Paint; readonly now: Instant },
): string[] {
  return renderTable(
    columns,
    jobs.map((job) => rowOf(job, screen.now)),
    screen,
  );
}

function rowOf(job: JobView, now: Instant): Cell[] {
  const nextAt = job.next === undefined ? undefined : Date.parse(job.next);
  return [
    { text: job.name },
    { text: scheduleOf(job) },
    nextAt === undefined ? whyNever(job) : { text: isoSecond(nextAt) },
    { text: nextAt === undefined ? '' : shortRelativeTime(nextAt, now) },
    lastOf(job, now),
  ];
}

/** Only a cron expression needs its zone to be understood. */
function scheduleOf({ type, schedule, timezone }: JobView): string {
  return type === 'cron' && timezone !== 'UTC' ? `${schedule} ${timezone}` : schedule;
}

function whyNever({ type, enabled, paused }: JobView): Cell {
  if (!enabled) return { text: 'disabled', color: 'yellow' };
  if (paused) return { text: 'paused', color: 'yellow' };
  return { text: type === 'manual' ? 'when asked' : 'no more', color: 'dim' };
}

function lastOf({ last }: JobView, now: Instant): Cell {
  if (last === undefined) return { text: '-', color: 'dim' };
  const text = `${last.state} ${shortRelativeTime(Date.parse(last.at), now)}`;
  return { text, color: stateColor(last.state) };
}
