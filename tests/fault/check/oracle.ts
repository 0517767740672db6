import type { Instant } from '../../../src/clock/clock.ts';
import type { FaultSchedule } from '../fault-job.ts';

/**
 * Every instant after `anchorAt` and until `untilAt` (included) that the schedule names, oldest
 * first. Counted one by one, without anything of the program's own arithmetic.
 */
export function occurrencesOf(
  schedule: FaultSchedule,
  anchorAt: Instant,
  untilAt: Instant,
): Instant[] {
  const all = instants(schedule, anchorAt, untilAt).filter((at) => at > anchorAt && at <= untilAt);
  const repeats = 'repeats' in schedule ? schedule.repeats : undefined;
  return all.slice(0, repeats);
}

function instants(schedule: FaultSchedule, anchorAt: Instant, untilAt: Instant): Instant[] {
  if (schedule.type === 'one-time') return [schedule.at];
  const found: Instant[] = [];
  if (schedule.type === 'interval') {
    const origin = schedule.startAt ?? anchorAt;
    for (let at = origin; at <= untilAt; at += schedule.everyMs) found.push(at);
    return found;
  }
  const seconds = new Set(schedule.seconds);
  for (let second = Math.floor(anchorAt / 1000); second * 1000 <= untilAt; second++) {
    if (seconds.has(second % 60)) found.push(second * 1000);
  }
  return found;
}
