import { expect, test } from 'vitest';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { isFull } from '../support/is-full.ts';
import { compiled, problemsOf } from './compiled.ts';
import { cronMeaning, type DateFacts } from './oracle/cron-meaning.ts';
import { randomCron, randomFrom } from './oracle/random-cron.ts';

const seed = Number(process.env.JOBSD_SEED ?? 20_261_120);
const count = isFull ? 1000 : 15;
const [firstYear, lastYear] = isFull ? [1970, 2100] : [2088, 2108];

const rareDates = [
  '0 0 29 2 *',
  '0 0 29 2 */6',
  '0 0 */28 2 MON',
  '0 0 * 2 FRI#5',
  '0 0 L 2 *',
  '0 0 L-28 2 *',
  '0 0 29W 2 *',
  '0 0 31W * *',
  '0 0 LW 2,4 *',
  '0 0 1W,L-3 * TUEL',
  '0 0 13 * FRI',
  '0 0 */13 * FRI',
  '0 0 L-30 * *',
  '0 0 * * 7#5,0#1',
];

interface NumberedDate {
  /** Its first instant in UTC. */
  readonly at: number;
  /** Which of `kinds` it is. */
  readonly kind: number;
}

/** All dates, and what can be asked of them: two of one kind have the same answers. */
function allDates(): { dates: NumberedDate[]; kinds: DateFacts[] } {
  const dates: NumberedDate[] = [];
  const kinds = new Map<string, { number: number; facts: DateFacts }>();
  const end = new Temporal.PlainDate(lastYear + 1, 1, 1);
  let date = new Temporal.PlainDate(firstYear, 1, 1);
  while (Temporal.PlainDate.compare(date, end) < 0) {
    const { day, month, dayOfWeek, daysInMonth } = date;
    const facts = { day, month, dayOfWeek, daysInMonth };
    const name = JSON.stringify(facts);
    const kind = kinds.get(name) ?? { number: kinds.size, facts };
    kinds.set(name, kind);
    dates.push({ at: date.toZonedDateTime('UTC').epochMilliseconds, kind: kind.number });
    date = date.add({ days: 1 });
  }
  return { dates, kinds: [...kinds.values()].map(({ facts }) => facts) };
}

const { dates, kinds } = allDates();

function checkDates(days: string): void {
  const answers = kinds.map(cronMeaning(days).isDate);
  const wanted = dates.filter(({ kind }) => answers[kind]).map(({ at }) => at);
  const schedule = compiled({ type: 'cron', cron: days });
  const got: number[] = [];
  let at = nextOccurrence(schedule, Date.UTC(firstYear, 0, 1) - 1, 0);
  while (at !== undefined && at < Date.UTC(lastYear + 1, 0, 1)) {
    got.push(at);
    at = nextOccurrence(schedule, at, 0);
  }
  // Only the first difference: comparing and printing tens of thousands of dates is slow.
  const first = [...wanted, Number.NaN].findIndex((date, index) => date !== got[index]);
  const shown = [wanted[first], got[first]].map((date) => date && new Date(date).toISOString());
  expect(shown, days).toEqual([undefined, undefined]);
}

test.each(rareDates)('"%s" names the right dates', checkDates);

test('random day fields name the right dates', () => {
  console.log(`oracle of dates: seed ${seed} (JOBSD_SEED)`);
  const random = randomFrom(seed);
  let checked = 0;
  while (checked < count) {
    const days = `0 0 ${randomCron(random).trim().split(/\s+/).slice(-3).join(' ')}`;
    if (/^0 0 [*?] \* [*?]$/.test(days)) continue;
    if (problemsOf({ type: 'cron', cron: days }).length > 0) {
      expect(kinds.some(cronMeaning(days).isDate), days).toBe(false);
      continue;
    }
    checkDates(days);
    checked++;
  }
}, 600_000);
