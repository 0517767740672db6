import { durationText } from './duration-text.ts';
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
