import { type Problem, valueSpot } from '../config/problem.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import type { LintRule } from './rule.ts';

/** Jobs whose last time is over: a slip in the year, or something that can be removed. */
export const onlyInThePast: LintRule = (snapshot, { now }) => {
  if (now === undefined) return [];
  const problems: Problem[] = [];
  for (const job of snapshot.jobs.values()) {
    const end = lastTime(job);
    if (end === undefined || end.at > now) continue;
    problems.push({
      rule: 'only-in-the-past',
      severity: 'warning',
      message: `job "${job.name}" will not fire any more`,
      at: valueSpot(job.place.file, 'jobs', job.name, end.key),
      note: 'this is in the past',
      help: 'Correct the date, or remove the job if it has done its work.',
    });
  }
  return problems;
};

function lastTime({ schedule }: JobDefinition) {
  if (schedule.type === 'one-time') return { key: 'at', at: schedule.at };
  return schedule.untilAt === undefined ? undefined : { key: 'until', at: schedule.untilAt };
}
