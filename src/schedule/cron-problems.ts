import type { CronProblem } from './parse-cron.ts';
import type { CronFields } from './schedule.ts';
import { shortened } from './shortened.ts';

const fieldNames = 'minute hour day-of-month month day-of-week';

/** An expression that has neither 5 nor 6 fields. */
export function cronCountProblem(
  text: string,
  starts: readonly number[],
  ends: readonly number[],
): CronProblem {
  const count = starts.length;
  if (count === 0)
    return syntax('the cron expression is empty', `Write five fields: ${fieldNames}.`);
  const from = starts[0] ?? 0;
  const whole = { offset: from, length: (ends.at(-1) ?? 0) - from };
  if (count < 5)
    return syntax(
      `the cron expression has ${count} ${count === 1 ? 'field' : 'fields'} instead of 5 or 6`,
      otherForm(text) ?? `Write ${fieldNames}, with seconds first if they matter.`,
      whole,
    );
  const start = starts[6] ?? 0;
  return syntax(
    `the cron expression has ${count} fields; 6 is the most`,
    /^[\d*,/-]+$/.test(text.slice(start, ends[6]))
      ? 'There is no year field: leave it out and bound the job with `start` and `until`.'
      : 'Write only the times; what is to run stands in `service`.',
    { offset: start, length: whole.offset + whole.length - start },
  );
}

/** What people write who think of another program. */
function otherForm(text: string): string | undefined {
  const written = text.trim().toLowerCase();
  if (/^(hourly|daily|midnight|weekly|monthly|yearly|annually)$/.test(written)) {
    return `Did you mean \`@${written}\`?`;
  }
  const [, count = '1', unit] =
    /^every (\d+ )?(second|minute|hour|day|week)s?$/.exec(written) ?? [];
  if (unit !== undefined) {
    return `Use \`type: interval\` with \`every: ${count.trim()}${unit.charAt(0)}\`.`;
  }
  const [, hour, minute] = /(?:^|\s)(\d{1,2}):(\d\d)/.exec(written) ?? [];
  if (hour === undefined) return undefined;
  return `Times stand in fields, minutes first: \`${Number(minute)} ${Number(hour)} * * *\` is ${hour}:${minute} every day.`;
}

/** Something that begins with `@` and is no macro. */
export function cronMacroProblem(text: string, known: readonly string[]): CronProblem {
  const written = text.trim();
  const place = { offset: text.indexOf(written), length: written.length };
  const word = written.toLowerCase();
  if (word.startsWith('@every'))
    return syntax(
      '"@every" is not a cron expression',
      `Use \`type: interval\` with \`every: ${written.slice(6).trim() || '5m'}\`.`,
      place,
    );
  if (word.startsWith('@reboot'))
    return syntax(
      '"@reboot" names no time',
      'Jobs run at times, not at starts: use `type: one-time`, or an interval job.',
      place,
    );
  return syntax(`unknown macro "${shortened(written)}"`, `There are ${known.join(', ')}.`, place);
}

/** Fields that are right one by one and together name no date. */
export function neverFiresProblem(
  text: string,
  cron: CronFields,
  starts: readonly number[],
  ends: readonly number[],
): CronProblem {
  const dayIndex = starts.length - 3;
  const from = starts[dayIndex] ?? 0;
  const last = cron.weekdays === 127 ? dayIndex + 1 : dayIndex + 2;
  const to = ends[last] ?? text.length;
  return {
    rule: 'cron-never-fires',
    message: `no date matches "${text.slice(from, to).replace(/\s+/g, ' ')}", so the job would never run`,
    help: 'Choose a day that the month has; `L` is the last day of any month.',
    offset: from,
    length: to - from,
  };
}

function syntax(
  message: string,
  help: string,
  place: { offset?: number; length?: number } = {},
): CronProblem {
  return { rule: 'cron-syntax', message, help, ...place };
}
