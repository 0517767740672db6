import { type Problem, valueSpot } from '../config/problem.ts';
import { nextOccurrence } from '../schedule/next-occurrence.ts';
import type { LintRule } from './rule.ts';

/** Cron jobs whose bounds leave no time of their expressions: none comes before `until`. */
export const nothingBeforeUntil: LintRule = (snapshot, { now }) => {
  const problems: Problem[] = [];
  for (const { name, place, schedule } of snapshot.jobs.values()) {
    if (schedule.type !== 'cron' || schedule.untilAt === undefined) continue;
    const from = Math.max(schedule.startAt ?? -Infinity, now ?? -Infinity);
    // What is over is told by another rule.
    if (from === -Infinity || from >= schedule.untilAt) continue;
    if (nextOccurrence(schedule, from - 1, 0) !== undefined) continue;
    problems.push({
      rule: 'nothing-before-until',
      severity: 'warning',
      message: `job "${name}" will ${from === schedule.startAt ? 'never fire' : 'not fire any more'}`,
      at: valueSpot(place.file, 'jobs', name, 'until'),
      note: 'no time of its schedule is left before this',
      help: 'Write a later `until`, or an expression with times between `start` and `until`.',
    });
  }
  return problems;
};
