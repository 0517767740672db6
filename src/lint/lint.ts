import { append } from '../config/append.ts';
import type { Problem } from '../config/problem.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Steps } from '../config/steps.ts';
import { calendarOver } from './calendar-over.ts';
import { calendarsExcludeAll } from './calendars-exclude-all.ts';
import { jitterOverPeriod } from './jitter-over-period.ts';
import { nothingBeforeUntil } from './nothing-before-until.ts';
import { onlyInThePast } from './only-in-the-past.ts';
import { overlappingRuns } from './overlapping-runs.ts';
import { reactionToDisabledJob } from './reaction-to-disabled-job.ts';
import { retryWithoutAttempts } from './retry-without-attempts.ts';
import type { LintContext, LintRule } from './rule.ts';
import { unusedCalendar } from './unused-calendar.ts';
import { unusedGroup } from './unused-group.ts';
import { veryFrequent } from './very-frequent.ts';

export const rules: readonly LintRule[] = [
  onlyInThePast,
  nothingBeforeUntil,
  overlappingRuns,
  reactionToDisabledJob,
  retryWithoutAttempts,
  veryFrequent,
  jitterOverPeriod,
  unusedGroup,
  unusedCalendar,
  calendarOver,
  calendarsExcludeAll,
];

/** What is doubtful in a valid configuration. */
export function* lint(snapshot: Snapshot, context: LintContext): Steps<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const rule of rules) {
    yield;
    append(problems, rule(snapshot, context));
  }
  return problems;
}
