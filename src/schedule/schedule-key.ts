import type { CronFields, Schedule } from './schedule.ts';

/**
 * Everything that can move an occurrence, and nothing else: equal keys mean equal occurrences,
 * given the same anchor. Another way of writing the same times has the same key. `repeats` is not
 * in it: raising it must not start the count anew.
 */
export function scheduleKey(schedule: Schedule): string {
  const { startAt = '', untilAt = '' } = schedule;
  switch (schedule.type) {
    case 'manual':
      return 'manual';
    case 'one-time':
      return `one-time ${schedule.at}`;
    case 'interval': {
      const zone = schedule.everyDays === 0 ? '' : schedule.timezone;
      return `interval ${schedule.everyDays}d${schedule.everyMs} ${zone} ${startAt} ${untilAt}`;
    }
    case 'cron': {
      const { dstGap = '', dstOverlap = '', timezone } = schedule;
      const crons = schedule.crons.map(cronKey);
      if (crons.length > 1) crons.sort();
      return `cron ${crons.join('|')} ${timezone} ${dstGap} ${dstOverlap} ${startAt} ${untilAt}`;
    }
    default:
      return schedule satisfies never;
  }
}

function cronKey(cron: CronFields): string {
  const flags = (cron.lastWeekday ? 1 : 0) | (cron.eitherDay ? 2 : 0) | (cron.followsClock ? 4 : 0);
  const special =
    cron.daysBeforeLast | cron.nearestWeekdays | cron.lastWeekdays | cron.nthWeekdays.length;
  const times = `${cron.secondsLow}.${cron.secondsHigh}.${cron.minutesLow}.${cron.minutesHigh}.${cron.hours}`;
  const dates = `${cron.days}.${cron.months}.${cron.weekdays}.${flags}`;
  if (special === 0) return `${times}.${dates}`;
  const nth = [...new Set(cron.nthWeekdays)].sort().join('+');
  return `${times}.${dates}.${cron.daysBeforeLast}.${cron.nearestWeekdays}.${cron.lastWeekdays}.${nth}`;
}
