import type { Instant } from '../clock/clock.ts';
import { keySpot, type Problem } from '../config/problem.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import { movedTo } from '../schedule/calendar-occurrence.ts';
import { type CalendarRule, exclusionAt } from '../schedule/calendar-rule.ts';
import { judgedAlikeUntil } from '../schedule/judged-alike-until.ts';
import { nextOccurrence } from '../schedule/next-occurrence.ts';
import type { LintRule } from './rule.ts';

const yearMs = 366 * 86_400_000;

/** Jobs that will not run for years, because calendars exclude all they have. */
export const calendarsExcludeAll: LintRule = (snapshot, { now }) => {
  if (now === undefined) return [];
  const problems: Problem[] = [];
  for (const job of snapshot.jobs.values()) {
    const { calendars, name, place } = job;
    if (calendars === undefined || !isExcludedFor(job, calendars, now, 5 * yearMs)) continue;
    problems.push({
      rule: 'calendars-exclude-all',
      severity: 'warning',
      message: `the calendars of job "${name}" exclude all its times of the next 5 years`,
      at: keySpot(place.file, 'jobs', name, calendars.except.length > 0 ? 'except' : 'only'),
      help: 'Correct its schedule or its calendars, or move its runs with `shift`.',
    });
  }
  return problems;
};

// What fires every second is not looked at through five years: nothing is said about it then.
const mostLookedAt = 20_000;

/** Whether there are occurrences, and none of them is allowed. */
function isExcludedFor(
  { schedule }: JobDefinition,
  rule: CalendarRule,
  now: Instant,
  lengthMs: number,
): boolean {
  let at = nextOccurrence(schedule, now, now);
  let count = 0;
  for (; at !== undefined && at < now + lengthMs; count++) {
    if (count === mostLookedAt) return false;
    if (exclusionAt(rule, at) === undefined || movedTo(schedule, rule, at) !== undefined) {
      return false;
    }
    at = nextOccurrence(schedule, judgedAlikeUntil(rule, at) - 1, now);
  }
  return count > 0;
}
