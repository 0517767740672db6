/**
 * What a cron expression means, said a second time and as plainly as possible: one question per
 * field, answered from the text, date by date and time by time. Shares nothing with `src`.
 */
export interface CronMeaning {
  readonly isDate: (date: DateFacts) => boolean;
  readonly isHour: (hour: number) => boolean;
  readonly isMinute: (minute: number) => boolean;
  readonly isSecond: (second: number) => boolean;
  readonly followsClock: boolean;
}

/** What is asked of a date; a `Temporal.PlainDate` is one, but slow to ask ten thousand times. */
export type DateFacts = Pick<Temporal.PlainDate, 'day' | 'month' | 'dayOfWeek' | 'daysInMonth'>;

export function cronMeaning(expression: string): CronMeaning {
  const written = expression.trim().toUpperCase().split(/\s+/);
  const fields = written.length === 5 ? ['0', ...written] : written;
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const isMonth = among(month, 1, 12, 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC');
  const isBothRestricted = !startsWithStar(day) && !startsWithStar(weekday);
  const days = day.split(',').map(dayQuestion);
  const weekdays = weekday.split(',').map(weekdayQuestion);
  return {
    isDate(date) {
      if (!isMonth(date.month)) return false;
      const byDay = days.some((isDay) => isDay(date));
      const byWeekday = weekdays.some((isWeekday) => isWeekday(date));
      return isBothRestricted ? byDay || byWeekday : byDay && byWeekday;
    },
    isHour: among(hour, 0, 23),
    isMinute: among(minute, 0, 59),
    isSecond: among(second, 0, 59),
    followsClock: [second, minute, hour].some(startsWithStar),
  };
}

function startsWithStar(field: string): boolean {
  return field.startsWith('*') || field.startsWith('?');
}

function among(field: string, min: number, max: number, names = ''): (value: number) => boolean {
  const values = new Set(field.split(',').flatMap((item) => itemValues(item, min, max, names)));
  return (value) => values.has(value);
}

function itemValues(item: string, min: number, max: number, names: string): number[] {
  const [range = '', step = '1'] = item.split('/');
  const [from = '', to = from] = /^[*?]$/.test(range) ? [`${min}`, `${max}`] : range.split('-');
  const values: number[] = [];
  const last = numberOf(to, min, names);
  for (let value = numberOf(from, min, names); value <= last; value += Number(step))
    values.push(value);
  return values;
}

function numberOf(text: string, min: number, names: string): number {
  const index = names.split(' ').indexOf(text);
  return index >= 0 && names !== '' ? index + min : Number(text);
}

function dayQuestion(item: string): (date: DateFacts) => boolean {
  if (item === 'L') return (date) => date.day === date.daysInMonth;
  if (item === 'LW') return (date) => date.day === nearestWorkday(date, date.daysInMonth);
  if (item.startsWith('L-')) {
    const before = Number(item.slice(2));
    return (date) => date.day === date.daysInMonth - before;
  }
  if (item.endsWith('W')) {
    const wanted = Number(item.slice(0, -1));
    return (date) => wanted <= date.daysInMonth && date.day === nearestWorkday(date, wanted);
  }
  const values = itemValues(item, 1, 31, '');
  return (date) => values.includes(date.day);
}

/** Of all Mondays to Fridays of the month the one with the fewest days between. */
function nearestWorkday(date: DateFacts, wanted: number): number {
  let best = Infinity;
  for (let day = 1; day <= date.daysInMonth; day++) {
    if ((((date.dayOfWeek - 1 + day - date.day) % 7) + 7) % 7 > 4) continue;
    if (Math.abs(day - wanted) < Math.abs(best - wanted)) best = day;
  }
  return best;
}

const weekdayNames = 'SUN MON TUE WED THU FRI SAT';

function weekdayQuestion(item: string): (date: DateFacts) => boolean {
  if (item.includes('#')) {
    const [day = '', nth] = item.split('#');
    const wanted = numberOf(day, 0, weekdayNames) % 7;
    return (date) => date.dayOfWeek % 7 === wanted && Math.ceil(date.day / 7) === Number(nth);
  }
  if (item.endsWith('L')) {
    const wanted = numberOf(item.slice(0, -1), 0, weekdayNames) % 7;
    return (date) => date.dayOfWeek % 7 === wanted && date.day + 7 > date.daysInMonth;
  }
  // FRI-SUN ends the week; a range from Sunday to Sunday is one day, like any from a day to itself.
  const untilSunday = item.replace(/^(?!SUN|0+-)(.*)-SUN/, '$1-7');
  const values = itemValues(untilSunday, 0, 6, weekdayNames).map((value) => value % 7);
  return (date) => values.includes(date.dayOfWeek % 7);
}
