import { entrySpot } from '../config/problem.ts';
import type { LintRule } from './rule.ts';

/** A calendar that no job names excludes nothing. */
export const unusedCalendar: LintRule = (snapshot) => {
  if (snapshot.calendars.size === 0) return [];
  const rules = [...snapshot.jobs.values()].flatMap(({ calendars }) => calendars ?? []);
  const used = new Set(rules.flatMap(({ only, except }) => [...only, ...except]));
  const unused = [...snapshot.calendars.values()].filter(({ calendar }) => !used.has(calendar));
  return unused.map(({ name, place }) => ({
    rule: 'unused-calendar',
    severity: 'warning' as const,
    message: `no job uses the calendar "${name}"`,
    at: entrySpot(place.file, 'calendars', name),
    help: `Add \`except: ${name}\` or \`only: ${name}\` to the jobs that should keep to it.`,
  }));
};
