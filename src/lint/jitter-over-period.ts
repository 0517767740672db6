import { type Problem, valueSpot } from '../config/problem.ts';
import { firesDenserThan } from '../schedule/fires-denser-than.ts';
import type { LintRule } from './rule.ts';

/** What recurs shows within a week or two of days; each look costs the start of `validate`. */
const mostLooks = 10;

/** A jitter that is cut, because no start goes past the next time of the schedule. */
export const jitterOverPeriod: LintRule = (snapshot) => {
  const problems: Problem[] = [];
  const judged = new Map<string, boolean>();
  for (const { name, place, schedule, jitterMs } of snapshot.jobs.values()) {
    if (jitterMs === 0) continue;
    // Thousands of jobs have a handful of schedules.
    const key = `${jitterMs} ${schedule.key}`;
    const isOver = judged.get(key) ?? firesDenserThan(schedule, jitterMs, mostLooks);
    judged.set(key, isOver);
    if (!isOver) continue;
    problems.push({
      rule: 'jitter-over-period',
      severity: 'warning',
      message: `the jitter of job "${name}" is longer than the time to its next run`,
      at: valueSpot(place.file, 'jobs', name, 'jitter'),
      help: 'No start goes past the next time of the schedule: what is longer has no effect.',
    });
  }
  return problems;
};
