import { type CronField, weekdayField } from './cron-field.ts';
import { cronRange, explainCronRange, lastOf } from './explain-cron-range.ts';
import { type CronReason, cronForms, cronValue, explainCronValue } from './explain-cron-value.ts';
import { explainSpecialItem } from './explain-special-item.ts';
import type { CronProblem } from './parse-cron.ts';
import { shortened } from './shortened.ts';

type Explanation = (item: string, field: CronField) => CronReason | undefined;

/** The first that has something to say speaks, so the special ones come first. */
const explanations: readonly Explanation[] = [
  emptyItem,
  foreignText,
  wrongSign,
  wrongStep,
  numberWithStep,
  explainSpecialItem,
  explainCronRange,
  explainCronValue,
];

/**
 * Why `readCronItem` refused an item (`text` from `from` up to `to`), with the exact stretch and a
 * way out. Always finds something to say.
 */
export function explainCronItem(
  field: CronField,
  text: string,
  from: number,
  to: number,
): CronProblem {
  const item = text.slice(from, to);
  const reason = firstReason(item, field);
  const offset = from + (reason.offset ?? 0);
  const length = Math.max(1, reason.length ?? item.length);
  return { rule: 'cron-syntax', message: reason.message, help: reason.help, offset, length };
}

function firstReason(item: string, field: CronField): CronReason {
  for (const explain of explanations) {
    const reason = explain(item, field);
    if (reason !== undefined) return reason;
  }
  const message = `"${shortened(item)}" is no value of the ${field.name} field`;
  return { message, help: cronForms(field) };
}

function emptyItem(item: string, field: CronField): CronReason | undefined {
  if (item !== '') return undefined;
  const help = 'Remove the comma too many.';
  return { message: `the ${field.name} list has an empty entry`, help };
}

/** What people paste along with an expression. */
function foreignText(item: string): CronReason | undefined {
  if (/^(CRON_)?TZ=/i.test(item))
    return {
      message: 'a cron expression holds no time zone',
      help: 'Write the zone in the job: `timezone: Europe/Athens`.',
    };
  const offset = item.search(/["'`]/);
  if (offset < 0) return undefined;
  const help = 'Quote the whole expression once, and use no quotes inside it.';
  return { message: 'a quote inside the cron expression', help, offset, length: 1 };
}

function wrongSign(item: string, field: CronField): CronReason | undefined {
  const help = cronForms(field);
  const offset = item.search(/[^A-Za-z0-9*?/#()-]/);
  if (offset >= 0) {
    const sign = String.fromCodePoint(item.codePointAt(offset) ?? 0);
    const message = `${visible(sign)} has no meaning in the ${field.name} field`;
    return { message, help: wayOutOfSign(sign) ?? help, offset, length: sign.length };
  }
  return /^-\d/.test(item) ? { message: `"${shortened(item)}" is negative`, help } : undefined;
}

function wayOutOfSign(sign: string): string | undefined {
  if (sign === '~')
    return 'For a slot that is chosen once, by the name of the job, write `H` or `H(0-29)`.';
  // As word processors make them of a plain one.
  return /[\p{Pd}\u2212]/u.test(sign) ? 'Write a plain `-` instead.' : undefined;
}

/** Signs that show nothing, or move the cursor, are named by their number. */
function visible(sign: string): string {
  if (!/[\p{C}\p{Z}\p{M}]/u.test(sign)) return `"${sign}"`;
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function wrongStep(item: string, field: CronField): CronReason | undefined {
  const slash = item.indexOf('/');
  if (slash < 0) return undefined;
  const written = item.slice(slash + 1);
  const help = `Use a step from 1 to ${field.size}${field === weekdayField ? '' : ', or an interval job (`every`)'}.`;
  if (written === '')
    return { message: 'after "/" the step is missing', help, offset: slash, length: 1 };
  const place = { offset: slash + 1, length: written.length };
  if (!/^\d+$/.test(written))
    return { message: `"${shortened(written)}" is not a step`, help, ...place };
  const step = Number(written);
  if (step === 0) return { message: 'a step of 0 gets nowhere', help, ...place };
  if (step <= field.size) return undefined;
  const message = `a step of ${shortened(written)} is larger than the whole ${field.name} field`;
  return { message, help, ...place };
}

/** `0/15` means different things to different programs, so it means nothing here. */
function numberWithStep(item: string, field: CronField): CronReason | undefined {
  const [, first = '', step = ''] = /^(\d+|[a-z]{3})\/(\d+)$/i.exec(item) ?? [];
  const value = cronValue(first, field);
  if (value === undefined) return undefined;
  const from = field === weekdayField ? value % 7 : value;
  return {
    message: `"${shortened(item)}" is not standard: a step needs a range`,
    help: `Write \`${cronRange(from, lastOf(field), Number(step))}\`.`,
  };
}
