import { type CronField, weekdayField } from './cron-field.ts';
import { type CronReason, cronForms, cronValue, explainCronValue } from './explain-cron-value.ts';
import { shortened } from './shortened.ts';

/** Why `a-b` or `a-b/n`, with a step that is right, is wrong; undefined when it is no range. */
export function explainCronRange(item: string, field: CronField): CronReason | undefined {
  const match = /^([^-/]+)-([^/]*)(?:\/(\d+)$)?/.exec(item);
  if (match === null) return undefined;
  const [written, first = '', last = '', step = '1'] = match;
  const from = cronValue(first, field);
  if (from === undefined) return explainCronValue(first, field);
  if (last === '')
    return { message: `the range "${shortened(item)}" has no end`, help: cronForms(field) };
  const to = cronValue(last, field);
  if (to === undefined) {
    const reason = explainCronValue(last, field);
    return reason && { ...reason, offset: first.length + 1 };
  }
  if (from <= to) return undefined;
  return {
    message: `the range "${shortened(`${first}-${last}`)}" runs backwards`,
    help: forwards(from, to, Number(step), field),
    length: written.length,
  };
}

/** What the range comes to when it goes on past the end of the field, with the same step. */
function forwards(written: number, to: number, step: number, field: CronField): string {
  const from = field === weekdayField ? written % 7 : written;
  if (from <= to) return `Write \`${cronRange(from, to, step)}\`.`;
  const last = lastOf(field);
  const again = from + (Math.floor((last - from) / step) + 1) * step - field.size;
  const untilLast = cronRange(from, last, step);
  if (again > to) return `Write \`${untilLast}\`.`;
  return `Write it as two: \`${untilLast},${cronRange(again, to, step)}\`.`;
}

/** The shortest that is right: `5`, `5-9`, `5-59/10`. */
export function cronRange(from: number, to: number, step: number): string {
  if (from + step > to) return `${from}`;
  return step === 1 ? `${from}-${to}` : `${from}-${to}/${step}`;
}

/** The highest value, not counting the 7 that is Sunday again. */
export function lastOf(field: CronField): number {
  return field.min + field.size - 1;
}
