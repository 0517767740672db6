import { compileSchedule } from '../../src/schedule/compile-schedule.ts';
import type {
  Schedule,
  ScheduleDeclaration,
  ScheduleProblem,
} from '../../src/schedule/schedule.ts';

/** The schedule of a declaration that is known to be right. */
export function compiled(declaration: ScheduleDeclaration, jobName = 'job'): Schedule {
  const result = compileSchedule(declaration, { jobName, timezone: 'UTC' });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('; '));
  return result.schedule;
}

export function problemsOf(declaration: unknown): readonly ScheduleProblem[] {
  const result = compileSchedule(declaration as ScheduleDeclaration, {
    jobName: 'job',
    timezone: 'UTC',
  });
  return result.ok ? [] : result.problems;
}
