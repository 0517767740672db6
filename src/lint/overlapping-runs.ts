import { type Problem, valueSpot } from '../config/problem.ts';
import type { LintRule } from './rule.ts';

const dayMs = 86_400_000;

/**
 * Interval jobs that allow a run to take longer than the interval, and runs to be parallel. Only
 * where both are written: the default timeout says nothing about how long somebody expects.
 */
export const overlappingRuns: LintRule = (snapshot, { isDeclared }) => {
  const problems: Problem[] = [];
  for (const job of snapshot.jobs.values()) {
    const { schedule, name, place } = job;
    if (schedule.type !== 'interval' || job.overlap !== 'allow') continue;
    const everyMs = schedule.everyDays * dayMs + schedule.everyMs;
    const path = ['jobs', name, 'timeout'];
    if (job.timeoutMs <= everyMs || !isDeclared(place.file, path)) continue;
    if (isDeclared(place.file, ['jobs', name, 'overlap'])) continue;
    problems.push({
      rule: 'overlapping-runs',
      severity: 'warning',
      message: `runs of job "${name}" may overlap`,
      at: valueSpot(place.file, ...path),
      note: 'longer than the interval',
      related: [{ at: valueSpot(place.file, 'jobs', name, 'every'), note: 'the interval' }],
      help: 'Say what is meant: `overlap: skip`, `queue` or `replace`, or `overlap: allow`.',
    });
  }
  return problems;
};
