import { entrySpot } from '../config/problem.ts';
import type { LintRule } from './rule.ts';

/** A group without jobs limits nothing. */
export const unusedGroup: LintRule = (snapshot) => {
  if (snapshot.groups.size === 0) return [];
  const used = new Set([...snapshot.jobs.values()].map((job) => job.group));
  const unused = [...snapshot.groups.values()].filter((group) => !used.has(group.name));
  return unused.map(({ name, place }) => ({
    rule: 'unused-group',
    severity: 'warning' as const,
    message: `no job is in the group "${name}"`,
    at: entrySpot(place.file, 'groups', name),
    help: `Add \`group: ${name}\` to the jobs that should share its limits.`,
  }));
};
