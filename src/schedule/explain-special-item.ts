import { type CronField, dayField, weekdayField } from './cron-field.ts';
import { type CronReason, cronForms, cronValue, explainCronValue } from './explain-cron-value.ts';
import { shortened } from './shortened.ts';

/** Why an item with `#`, `W`, `L` or `H` is wrong; undefined when it has none of them. */
export function explainSpecialItem(item: string, field: CronField): CronReason | undefined {
  return (
    wrongNth(item, field) ??
    wrongNearest(item, field) ??
    wrongLastDay(item, field) ??
    wrongLastOfRange(item, field) ??
    wrongLastWeekday(item, field) ??
    wrongHash(item, field)
  );
}

function wrongNth(item: string, field: CronField): CronReason | undefined {
  const offset = item.indexOf('#');
  if (offset < 0) return undefined;
  if (field !== weekdayField)
    return {
      message: `"#" has no meaning in the ${field.name} field`,
      help: 'It stands in the day-of-week field: `MON#2` is the second Monday.',
      offset,
      length: 1,
    };
  const day = item.slice(0, offset);
  if (cronValue(day, field) === undefined)
    return (
      explainCronValue(day, field) ?? {
        message: `"${shortened(item)}" names no single weekday`,
        help: 'Write one weekday before `#`: `MON#2,TUE#2`.',
      }
    );
  const week = item.slice(offset + 1);
  return {
    message:
      week === '' ? 'after "#" the week is missing' : `the month has no week "${shortened(week)}"`,
    help: 'After `#` stands 1 to 5; the last Monday is `MONL`.',
    offset: week === '' ? offset : offset + 1,
    length: Math.max(1, week.length),
  };
}

function wrongNearest(item: string, field: CronField): CronReason | undefined {
  if (!/^((l|[\d-]*)(-\d+)?w|lw.+)$/i.test(item)) return undefined;
  if (field !== dayField)
    return {
      message: `"W" has no meaning in the ${field.name} field`,
      help: 'It stands in the day-of-month field: `15W` is the weekday nearest to the 15th.',
    };
  if (/^lw./i.test(item)) {
    const help = 'Write `LW` for the last weekday, `L-1` for the day before the last.';
    return { message: `"${shortened(item)}" is more than \`LW\` can be`, help };
  }
  const day = /^(\d+)w$/i.exec(item)?.[1];
  if (day !== undefined) return explainCronValue(day, field);
  return {
    message: `"${shortened(item)}" names no single day`,
    help: 'Write one day before `W`: `15W`, or `LW`.',
  };
}

function wrongLastDay(item: string, field: CronField): CronReason | undefined {
  if (!/^l(-.*)?$/i.test(item)) return undefined;
  if (field === weekdayField)
    return {
      message: '"L" alone is no weekday',
      help: 'Say which: `FRIL` is the last Friday of the month.',
    };
  if (field !== dayField)
    return {
      message: `"L" has no meaning in the ${field.name} field`,
      help: 'It stands in the day-of-month field (`L`) or after a weekday (`FRIL`).',
    };
  return {
    message: `"${shortened(item)}" is no day of any month`,
    help: 'Write `L-1` to `L-30`, or `L` for the last day.',
  };
}

function wrongLastOfRange(item: string, field: CronField): CronReason | undefined {
  if (field !== weekdayField || !/^\w+-\w+l$/i.test(item)) return undefined;
  return {
    message: `"${shortened(item)}" names no single weekday`,
    help: 'Write one weekday before `L`: `MONL,TUEL`.',
  };
}

function wrongLastWeekday(item: string, field: CronField): CronReason | undefined {
  if (field === weekdayField || !/^(\d+|[a-z]{3})l$/i.test(item)) return undefined;
  if (cronValue(item, field) !== undefined) return undefined;
  return {
    message: `"${shortened(item)}" is no value of the ${field.name} field`,
    help: `${cronForms(field)} A weekday with \`L\` stands in the last field: \`FRIL\`.`,
  };
}

function wrongHash(item: string, field: CronField): CronReason | undefined {
  if (!/^h([^a-z]|$)/i.test(item)) return undefined;
  const range = `H(${field.min}-${field.min + 5})`;
  return {
    message: `"${shortened(item)}" is not a form of "H" in the ${field.name} field`,
    help: `Write \`H\`, \`H/5\`, \`${range}\` or \`${range}/2\`, within ${field.min} to ${field.max}.`,
  };
}
