import { keySpot, type Problem } from '../config/problem.ts';
import type { LintRule } from './rule.ts';

/** `retry` with a delay but a single attempt: nothing is ever tried again. */
export const retryWithoutAttempts: LintRule = (snapshot, { isDeclared }) => {
  const problems: Problem[] = [];
  for (const { name, place, retry } of snapshot.jobs.values()) {
    if (retry.attempts > 1) continue;
    const keys = ['delay', 'backoff', 'maxDelay'];
    const key = keys.find((each) => isDeclared(place.file, ['jobs', name, 'retry', each]));
    if (key === undefined) continue;
    problems.push({
      rule: 'retry-without-attempts',
      severity: 'warning',
      message: `job "${name}" says how to retry, but has only one attempt`,
      at: keySpot(place.file, 'jobs', name, 'retry', key),
      help: 'Add `attempts: 3`, or how many there should be in all.',
    });
  }
  return problems;
};
