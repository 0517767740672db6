/** One of the six fields: its range and the words it takes. */
export interface CronField {
  /** As told to users. */
  readonly name: string;
  readonly index: number;
  readonly min: number;
  readonly max: number;
  /** How many values there are: 7 for weekdays, where 7 is 0 again. */
  readonly size: number;
  /** Three-letter names run together in lower case, the first for `min`. Empty: none. */
  readonly names: string;
}

const monthNames = 'janfebmaraprmayjunjulaugsepoctnovdec';
const weekdayNames = 'sunmontuewedthufrisat';

export const secondField = field('second', 0, 0, 59, 60);
export const minuteField = field('minute', 1, 0, 59, 60);
export const hourField = field('hour', 2, 0, 23, 24);
export const dayField = field('day-of-month', 3, 1, 31, 31);
export const monthField = field('month', 4, 1, 12, 12, monthNames);
export const weekdayField = field('day-of-week', 5, 0, 7, 7, weekdayNames);

/** In the order in which they are written. */
export const cronFields: readonly CronField[] = [
  secondField,
  minuteField,
  hourField,
  dayField,
  monthField,
  weekdayField,
];

function field(
  name: string,
  index: number,
  min: number,
  max: number,
  size: number,
  names = '',
): CronField {
  return { name, index, min, max, size, names };
}
