import type { Milliseconds } from '../clock/clock.ts';
import type { Schedule } from './schedule.ts';

/** A schedule in the fewest words: `every 1h`, `30 2 * * MON-FRI`, `at 2027-07-29T08:35:49Z`. */
export function describeSchedule(schedule: Schedule): string {
  switch (schedule.type) {
    case 'manual':
      return 'manual';
    case 'one-time':
      return `at ${new Date(schedule.at).toISOString().replace('.000Z', 'Z')}`;
    case 'interval':
      return `every ${durationText(schedule.everyDays, schedule.everyMs)}`;
    case 'cron':
      return schedule.crons.map((cron) => cron.text.replace(/\s+/g, ' ')).join(' | ');
    default:
      return schedule satisfies never;
  }
}

/** As it would be written in a file: `1w2d3h4m5s500ms`, without what is zero. */
function durationText(days: number, ms: Milliseconds): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(days / 7), 'w'],
    [days % 7, 'd'],
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor(ms / 60_000) % 60, 'm'],
    [Math.floor(ms / 1000) % 60, 's'],
    [ms % 1000, 'ms'],
  ];
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
}
