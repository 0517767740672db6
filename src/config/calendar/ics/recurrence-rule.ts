import { type Moment, readMoment } from './moment.ts';

/** A RRULE of RFC 5545 whose parts choose days. */
export interface RecurrenceRule {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly count?: number;
  readonly until?: Moment;
  readonly months: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  readonly weekdays: readonly WeekdayChoice[];
  readonly positions: readonly number[];
  /** 0 is Sunday. */
  readonly weekStart: number;
}

/** A weekday of each week, or the nth one of its month or year; below 0 from its end. */
export interface WeekdayChoice {
  readonly weekday: number;
  readonly nth?: number;
}

export type RuleResult =
  | { readonly ok: true; readonly rule: RecurrenceRule }
  | { readonly ok: false; readonly message: string };

type JcalRule = Readonly<Record<string, unknown>>;

/** From the form of jCal: `{freq: 'YEARLY', byday: ['-1MO']}`. Never throws. */
export function readRecurrenceRule(written: unknown): RuleResult {
  const rule: JcalRule = Object(written);
  // Without a part that is not understood the rule would choose other days.
  const unsupported = Object.keys(rule).find((key) => !parts.has(key));
  if (unsupported !== undefined) return failed(`has ${unsupported.toUpperCase()}`);
  const frequency = frequencies.find((name) => name === rule.freq);
  if (frequency === undefined) return failed(`repeats ${String(rule.freq)}`);
  const until = rule.until === undefined ? undefined : readMoment(rule.until, undefined);
  if (rule.until !== undefined && until === undefined)
    return failed('has an UNTIL that is no date');
  const weekdays = listOf(rule.byday).map(readWeekday);
  const isOrdinal = frequency === 'MONTHLY' || frequency === 'YEARLY';
  if (weekdays.some((day) => day === undefined || (day.nth !== undefined && !isOrdinal))) {
    return failed('has a BYDAY that cannot be read');
  }
  const numbers = readNumbers(rule);
  if (typeof numbers === 'string') return failed(`has ${numbers} out of range`);
  return {
    ok: true,
    rule: {
      frequency,
      ...numbers,
      ...(until === undefined ? {} : { until }),
      weekdays: weekdays.flatMap((day) => day ?? []),
      weekStart: typeof rule.wkst === 'number' ? rule.wkst - 1 : 1,
    },
  };
}

const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const weekdayNames: readonly string[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

function failed(what: string): RuleResult {
  return { ok: false, message: `it ${what}` };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function readWeekday(text: unknown): WeekdayChoice | undefined {
  const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(String(text));
  const weekday = weekdayNames.indexOf(match?.[2] ?? '');
  if (weekday < 0) return undefined;
  const nth = match?.[1] === undefined ? undefined : Number(match[1]);
  if (nth === undefined) return { weekday };
  return nth === 0 || Math.abs(nth) > 53 ? undefined : { weekday, nth };
}

/** The part whose number is out of range, or all of them. */
function readNumbers(rule: JcalRule) {
  const wrong = limits.find(([part, most, isSigned]) =>
    listOf(rule[part]).some((value) => !isWithin(value, most, isSigned)),
  );
  if (wrong !== undefined) return wrong[0].toUpperCase();
  const numbers = (part: string) => listOf(rule[part]).map(Number);
  return {
    interval: numbers('interval')[0] ?? 1,
    ...(rule.count === undefined ? {} : { count: Number(rule.count) }),
    months: numbers('bymonth'),
    weekNumbers: numbers('byweekno'),
    yearDays: numbers('byyearday'),
    monthDays: numbers('bymonthday'),
    positions: numbers('bysetpos'),
  };
}

/** The largest number of each part, and whether it may count from the end. */
const limits: readonly (readonly [string, number, boolean])[] = [
  ['interval', Number.MAX_SAFE_INTEGER, false],
  ['count', Number.MAX_SAFE_INTEGER, false],
  ['bymonth', 12, false],
  ['byweekno', 53, true],
  ['byyearday', 366, true],
  ['bymonthday', 31, true],
  ['bysetpos', 366, true],
];

const parts: ReadonlySet<string> = new Set([
  ...limits.map(([part]) => part),
  ...['freq', 'until', 'byday', 'wkst'],
]);

function isWithin(value: unknown, most: number, isSigned: boolean): boolean {
  const number = Number(value);
  if (!Number.isInteger(number) || number === 0) return false;
  return (isSigned ? Math.abs(number) : number) <= most && (isSigned || number > 0);
}
