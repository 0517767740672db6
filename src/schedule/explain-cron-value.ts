import { type CronField, cronFields, weekdayField } from './cron-field.ts';
import { shortened } from './shortened.ts';

/** Why a part of an expression is wrong, with a way out and the stretch inside the item. */
export interface CronReason {
  readonly message: string;
  readonly help: string;
  /** Absent means all of the item. */
  readonly offset?: number;
  readonly length?: number;
}

/** Why one number or name is no value of the field; undefined when it is one, or is neither. */
export function explainCronValue(value: string, field: CronField): CronReason | undefined {
  const length = value.length;
  if (cronValue(value, field) !== undefined) return undefined;
  if (/^\d+$/.test(value)) {
    const message = `${shortened(value)} is outside the ${field.name} field`;
    return {
      message,
      help: `It goes from ${field.min} to ${field.max}.${yearHint(value, field)}`,
      length,
    };
  }
  if (!/^[a-z]+$/i.test(value)) return undefined;
  const message = `"${shortened(value)}" is no value of the ${field.name} field`;
  return { message, help: wayOutOfName(value, field), length };
}

function wayOutOfName(value: string, field: CronField): string {
  const short = value.slice(0, 3).toUpperCase();
  if (cronValue(short, field) !== undefined)
    return `Did you mean \`${short}\`? Names have three letters.`;
  const owner = cronFields.find((other) => cronValue(short, other) !== undefined);
  return owner === undefined
    ? cronForms(field)
    : `\`${short}\` belongs in the ${owner.name} field, ${owner === weekdayField ? 'the last' : 'the last but one'}.`;
}

/** The sixth field is the year for some other programs. */
function yearHint(value: string, field: CronField): string {
  if (field !== weekdayField || !/^(19|2\d)\d\d$/.test(value)) return '';
  return ' There is no year field: bound the job with `start` and `until`.';
}

/** The number that a number or name stands for; undefined when the field has no such value. */
export function cronValue(value: string, field: CronField): number | undefined {
  if (/^\d+$/.test(value)) {
    const number = Number(value);
    return number >= field.min && number <= field.max ? number : undefined;
  }
  if (value.length !== 3) return undefined;
  const at = field.names.indexOf(value.toLowerCase());
  return at >= 0 && at % 3 === 0 ? field.min + at / 3 : undefined;
}

/** What the field takes, in a sentence. */
export function cronForms(field: CronField): string {
  const names = field.names === '' ? '' : ' or a name of three letters';
  return `It takes ${field.min} to ${field.max}${names}, \`*\`, lists, ranges and steps.`;
}
