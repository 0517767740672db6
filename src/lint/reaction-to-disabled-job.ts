import { type Problem, valueSpot } from '../config/problem.ts';
import type { LintRule } from './rule.ts';

/** A reaction that runs a job which is not enabled runs nothing. */
export const reactionToDisabledJob: LintRule = (snapshot) => {
  const problems: Problem[] = [];
  for (const job of snapshot.jobs.values()) {
    for (const [event, reaction] of Object.entries(job.on)) {
      const target = reaction.job === undefined ? undefined : snapshot.jobs.get(reaction.job);
      if (target === undefined || target.enabled) continue;
      problems.push({
        rule: 'reaction-to-disabled-job',
        severity: 'warning',
        message: `${event} of job "${job.name}" runs a job that is not enabled`,
        at: valueSpot(job.place.file, 'jobs', job.name, 'on', event, 'job'),
        related: [
          {
            at: valueSpot(target.place.file, 'jobs', target.name, 'enabled'),
            note: `"${target.name}" is switched off here`,
          },
        ],
      });
    }
  }
  return problems;
};
