import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockChangeEffects } from '../../src/schedule/clock-change-effects.ts';
import { compileSchedule } from '../../src/schedule/compile-schedule.ts';
import { localTimeOf } from '../../src/schedule/local-time.ts';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import type { CronSchedule } from '../../src/schedule/schedule.ts';
import { cronWords } from '../../src/schedule/words/cron-words.ts';
import { readList, readNames, readTimes } from './read-words.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const options = { seed, numRuns: 400 };
const dayMs = 86_400_000;

test(`the seed of this run is ${seed}`, () => {});

/** One field of an expression, in all the forms that name values. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map((pair) => `${Math.min(...pair)}-${Math.max(...pair)}`);
  const step = fc.integer({ min: 1, max: max - min + 1 });
  const item = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, step).map(([whole, every]) => `${whole}/${every}`),
    step.map((every) => `*/${every}`),
  );
  const list = fc.array(item, { minLength: 2, maxLength: 4 }).map((items) => items.join(','));
  return fc.oneof(fc.constant('*'), value.map(String), item, list, fc.constant('H'));
}

const mostlyZero = fc.oneof(
  { weight: 3, arbitrary: fc.constant('0') },
  { weight: 1, arbitrary: field(0, 59) },
);

function schedule(cron: string, more: object = {}): CronSchedule {
  const declaration = { type: 'cron', cron, ...more } as const;
  const compiled = compileSchedule(declaration, { jobName: 'a', timezone: 'UTC' });
  if (!compiled.ok || compiled.schedule.type !== 'cron') throw new Error(JSON.stringify(compiled));
  return compiled.schedule;
}

function fires(of: CronSchedule, from: number, end: number): readonly number[] {
  const found: number[] = [];
  let at = nextOccurrence(of, from - 1, 0);
  while (at !== undefined && at < end) {
    found.push(at);
    at = nextOccurrence(of, at, 0);
  }
  return found;
}

function wordsOf({ crons: [cron] }: CronSchedule): string {
  return cron === undefined ? '' : cronWords(cron);
}

const day = Date.parse('2030-01-01T00:00:00Z');

test.each([
  '0 0-7,*/2 * * *',
  '0 1-8,14-16 * * *',
  '0 0,2-9 * * *',
  '30 1-8,20 * * *',
  '0 */5 * * *',
  '*/5 8-10,14-16,20 * * *',
])('the words of %s name exactly the times that fire', expectTimesNamed);

test('the words of times name exactly the times that fire', () => {
  fc.assert(
    fc.property(mostlyZero, field(0, 59), field(0, 23), (second, minute, hour) =>
      expectTimesNamed(`${second} ${minute} ${hour} * * *`),
    ),
    options,
  );
});

function expectTimesNamed(cron: string): void {
  const one = schedule(cron);
  const fired = fires(one, day, day + dayMs).map((at) => (at - day) / 1000);
  const words = wordsOf(one);
  expect(
    [...readTimes(words)].sort((a, b) => a - b),
    words,
  ).toEqual(fired);
  const count = /\((\d+) times a day\)/.exec(words)?.[1];
  if (count !== undefined) expect(Number(count), words).toBe(fired.length);
  else expect(words, words).toMatch(/every day$/);
}

test('the words of days of the month name exactly the days that fire', () => {
  fc.assert(
    fc.property(field(1, 31), (days) => {
      const one = schedule(`0 0 ${days} 1 *`);
      const fired = fires(one, day, day + 31 * dayMs).map((at) => new Date(at).getUTCDate());
      const words = wordsOf(one);
      const named = / on days? (.+) of the month/.exec(words)?.[1];
      expect(
        named === undefined ? fired.map((_, index) => index + 1) : readList(named),
        words,
      ).toEqual(fired);
    }),
    options,
  );
});

test('the words of weekdays and months name exactly those that fire', () => {
  fc.assert(
    fc.property(field(0, 6), field(1, 12), (weekdays, months) => {
      const one = schedule(`0 0 * ${months} ${weekdays}`);
      const fired = fires(one, day, Date.parse('2031-01-01T00:00:00Z')).map((at) => new Date(at));
      const words = wordsOf(one).replace(/^At 00:00(, | every day,? ?)/, '');
      const [, onDays = '', inMonths] = /^(.*?)(?:(?:, |^)only in (.*))?$/.exec(words) ?? [];
      const expected = onDays.replace(/ every day$|^At.*/, '');
      const named = expected === '' ? [0, 1, 2, 3, 4, 5, 6] : readNames('weekday', expected);
      const namedMonths = inMonths === undefined ? undefined : readNames('month', inMonths);
      expect([...named].sort(), words).toEqual(
        [...new Set(fired.map((at) => at.getUTCDay()))].sort(),
      );
      const firedMonths = [...new Set(fired.map((at) => at.getUTCMonth() + 1))];
      expect(namedMonths ?? firedMonths, words).toEqual(firedMonths);
      if (namedMonths === undefined) expect(firedMonths.length).toBe(12);
    }),
    options,
  );
});

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Santiago',
];

test('what is said of a clock change is what fires on its day', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      field(0, 59),
      field(0, 23),
      fc.constantFrom(undefined, 'end', 'shift', 'skip'),
      fc.constantFrom(undefined, 'first', 'second', 'both'),
      (timezone, minute, hour, gap, overlap) => {
        const dst = { ...(gap && { gap }), ...(overlap && { overlap }) };
        const one = schedule(`${minute} ${hour} * * *`, { timezone, dst });
        const nominal = schedule(`${minute} ${hour} * * *`);
        const range = { after: day, upTo: day + 365 * dayMs, anchor: 0 };
        for (const { change, ...effect } of clockChangeEffects(one, range)) {
          const lengthMs = change.to - change.from;
          // All local times from six hours before the change to six hours after it.
          const [from, to] = [change.from - 6 * 3_600_000, change.to + 6 * 3_600_000];
          const named = fires(nominal, from, to).length;
          const around = fires(one, change.at - 9 * 3_600_000, change.at + 9 * 3_600_000);
          const fired = around.filter((at) => {
            const local = localTimeOf(at, timezone);
            return local >= from && local < to;
          }).length;
          const inGap = fires(nominal, change.from, change.to).length;
          expect(effect.count).toBe(inGap);
          const isKnown = fires(nominal, change.to, change.to + 1).length > 0;
          if (effect.kind === 'skipped') expect(fired).toBe(named - inGap);
          else if (effect.kind === 'twice') expect(fired).toBe(named + inGap);
          else if (effect.kind === 'moved' && effect.fires === 1 && effect.movedTo === change.to) {
            expect(fired).toBe(named - inGap + (isKnown ? 0 : 1));
          } else if (effect.kind === 'moved') {
            expect(fired).toBeLessThanOrEqual(named);
            expect(
              localTimeOf(nextOccurrence(one, change.at - 1, 0) ?? 0, timezone),
            ).toBeLessThanOrEqual((effect.times[0] ?? 0) + lengthMs);
          } else expect(fired).toBe(named);
        }
      },
    ),
    { ...options, numRuns: 150 },
  );
});
