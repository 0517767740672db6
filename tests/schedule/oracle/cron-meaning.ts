/**
 * What a cron expression means, said a second time and as plainly as possible: one question per
 * field, answered from the text, date by date and time by time. Shares nothing with `src`.
 */
export interface CronMeaning {
  readonly isDate: (date: Temporal.PlainDate) => boolean;
  readonly isHour: (hour: number) => boolean;
  readonly isMinute: (minute: number) => boolean;
  readonly isSecond: (second: number) => boolean;
  readonly followsClock: boolean;
}

export function cronMeaning(expression: string): CronMeaning {
  const written = expression.trim().toUpperCase().split(/\s+/);
  const fields = written.length === 5 ? ['0', ...written] : written;
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const isMonth = among(month, 1, 12, 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC');
  const isBothRestricted = !startsWithStar(day) && !startsWithStar(weekday);
  return {
    isDate(date) {
      if (!isMonth(date.month)) return false;
      const byDay = day.split(',').some((item) => isDay(item, date));
      const byWeekday = weekday.split(',').some((item) => isWeekday(item, date));
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

function isDay(item: string, date: Temporal.PlainDate): boolean {
  const last = date.daysInMonth;
  if (item === 'L') return date.day === last;
  if (item === 'LW') return date.day === nearestWorkday(date, last);
  if (item.startsWith('L-')) return date.day === last - Number(item.slice(2));
  if (item.endsWith('W')) {
    const wanted = Number(item.slice(0, -1));
    return wanted <= last && date.day === nearestWorkday(date, wanted);
  }
  return itemValues(item, 1, 31, '').includes(date.day);
}

/** Of all Mondays to Fridays of the month the one with the fewest days between. */
function nearestWorkday(date: Temporal.PlainDate, wanted: number): number {
  let best = Infinity;
  for (let day = 1; day <= date.daysInMonth; day++) {
    if ((((date.dayOfWeek - 1 + day - date.day) % 7) + 7) % 7 > 4) continue;
    if (Math.abs(day - wanted) < Math.abs(best - wanted)) best = day;
  }
  return best;
}

const weekdays = 'SUN MON TUE WED THU FRI SAT';

function isWeekday(item: string, date: Temporal.PlainDate): boolean {
  const today = date.dayOfWeek % 7;
  if (item.includes('#')) {
    const [day = '', nth] = item.split('#');
    return numberOf(day, 0, weekdays) % 7 === today && Math.ceil(date.day / 7) === Number(nth);
  }
  if (item.endsWith('L')) {
    const day = numberOf(item.slice(0, -1), 0, weekdays) % 7;
    return day === today && date.day + 7 > date.daysInMonth;
  }
  // FRI-SUN ends the week; a range from Sunday to Sunday is one day, like any from a day to itself.
  const untilSunday = item.replace(/^(?!SUN|0+-)(.*)-SUN/, '$1-7');
  return itemValues(untilSunday, 0, 6, weekdays).some((value) => value % 7 === today);
}
