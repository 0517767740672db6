import { JobsdError } from '../errors.ts';
import { compileSchedule } from '../schedule/compile-schedule.ts';
import type { Schedule, ScheduleProblem } from '../schedule/schedule.ts';

/** The schedule of `--cron`; fails with JOBSD_SCHEDULE_INVALID, each problem under its place. */
export function compileCronOption(cron: string, timezone: string): Schedule {
  const result = compileSchedule({ type: 'cron', cron }, { jobName: '', timezone });
  if (result.ok) return result.schedule;
  const problems = result.problems.map((problem) => inWords(cron, problem));
  throw new JobsdError('JOBSD_SCHEDULE_INVALID', problems.join('\n'));
}

function inWords(cron: string, { message, help, offset = 0, length }: ScheduleProblem): string {
  const marked = Math.max(1, length ?? cron.length - offset);
  const caret = `${' '.repeat(offset)}${'^'.repeat(marked)}`;
  return [
    // It follows the error's own sentence.
    message.charAt(0).toUpperCase() + message.slice(1),
    `    ${onOneLine(cron)}`,
    `    ${caret}`,
    ...(help === undefined ? [] : [`  ${help}`]),
  ].join('\n');
}

/** As long as it was: the caret stands below what is meant. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
