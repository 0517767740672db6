import { type Problem, valueSpot } from '../config/problem.ts';
import type { LintRule } from './rule.ts';

/** Ten records a second, each on disk before its run starts: more is hardly ever meant. */
const shortestMs = 100;

/** Intervals so short that the unit was probably mistaken. */
export const veryFrequent: LintRule = (snapshot) => {
  const problems: Problem[] = [];
  for (const { name, place, schedule } of snapshot.jobs.values()) {
    if (schedule.type !== 'interval' || schedule.everyDays > 0) continue;
    if (schedule.everyMs >= shortestMs) continue;
    const perDay = Math.round(86_400_000 / schedule.everyMs);
    problems.push({
      rule: 'very-frequent',
      severity: 'warning',
      message: `job "${name}" runs ${perDay} times a day`,
      at: valueSpot(place.file, 'jobs', name, 'every'),
      help: 'Each run is a record in the ledger. If that often is meant, one run can do the work of many.',
    });
  }
  return problems;
};
