import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstOccurrences } from '../../src/schedule/first-occurrences.ts';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { Timetable } from '../../src/schedule/timetable.ts';
import { isFull } from '../support/is-full.ts';
import { compiled } from './compiled.ts';

const seed = Number(process.env.JOBSD_SEED ?? 20_261_120);
console.log(`timetable against a plain map: seed ${seed} (JOBSD_SEED)`);

const slots = fc.nat(60);
const instants = fc.oneof(fc.nat(50), fc.integer({ min: -1e12, max: 1e13 }));
const steps = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), slot: slots, at: instants }),
  fc.record({ kind: fc.constant('delete' as const), slot: slots }),
  fc.record({
    kind: fc.constant('take' as const),
    now: instants,
    limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 9 })),
  }),
);

test('whatever is done to it, it holds what a plain map would hold, in order', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 300 }), (sequence) => {
      const timetable = new Timetable();
      const model = new Map<number, number>();
      for (const step of sequence) {
        if (step.kind === 'set') {
          timetable.set(step.slot, step.at);
          model.set(step.slot, step.at);
        } else if (step.kind === 'delete')
          expect(timetable.delete(step.slot)).toBe(model.delete(step.slot));
        else {
          const due = inOrder(model).filter(([, at]) => at <= step.now);
          const taken = due.slice(0, step.limit).map(([slot]) => slot);
          expect([...timetable.takeDue(step.now, step.limit)]).toEqual(taken);
          for (const slot of taken) model.delete(slot);
        }
        expect(timetable.size).toBe(model.size);
        expect(timetable.nextAt()).toBe(inOrder(model)[0]?.[1]);
      }
    }),
    { numRuns: isFull ? 5000 : 200, seed },
  );
});

function inOrder(model: ReadonlyMap<number, number>): [number, number][] {
  return [...model].sort(([a, at], [b, bt]) => at - bt || a - b);
}

test.each([
  ['one instant', () => 1000],
  ['few instants', (slot: number) => 1000 + (slot % 7)],
  ['instants years apart', (slot: number) => (slot * 7_919_000_017) % 4e12],
  ['instants between milliseconds', (slot: number) => (slot % 13) / 8],
])('a burst of 20 000 entries at %s comes in order', (_, at) => {
  const timetable = new Timetable();
  for (let slot = 19_999; slot >= 0; slot--) timetable.set(slot, at(slot));
  const wanted = Array.from({ length: 20_000 }, (_, slot) => slot);
  wanted.sort((a, b) => at(a) - at(b) || a - b);
  expect([...timetable.takeDue(Infinity)]).toEqual(wanted);
  expect(timetable.size).toBe(0);
  expect(timetable.nextAt()).toBeUndefined();
});

test('moving one entry a million times does not make it grow', () => {
  const timetable = new Timetable();
  timetable.set(1, 5);
  for (let index = 0; index < 1_000_000; index++) timetable.set(0, index % 3);
  expect(timetable.size).toBe(2);
  expect([...timetable.takeDue(10)]).toEqual([0, 1]);
  expect(timetable.takeDue(10)).toHaveLength(0);
});

test('first occurrences are those of each schedule, equal ones computed once or not', () => {
  const schedules = [
    compiled({ type: 'cron', cron: '30 2 * * *', timezone: 'Europe/Berlin' }),
    compiled({ type: 'cron', cron: '30  2 * * *', timezone: 'Europe/Berlin' }),
    compiled({ type: 'cron', cron: '@daily', until: '2020-01-01' }),
    compiled({ type: 'cron', cron: '@daily', until: '2020-01-01' }),
    compiled({ type: 'interval', every: '7m' }),
    compiled({ type: 'interval', every: '7m' }),
    compiled({ type: 'manual' }),
  ];
  const anchored = schedules.map((schedule, index) => ({ schedule, anchorAt: index * 1000 }));
  const after = Date.UTC(2026, 10, 20);
  expect(firstOccurrences(anchored, after)).toEqual(
    anchored.map(({ schedule, anchorAt }) => nextOccurrence(schedule, after, anchorAt)),
  );
});

test('schedules that differ in one thing only are not taken for the same', () => {
  const crons = [
    '0 9 * * *',
    '0 0 9 * * *',
    '30 0 9 * * *',
    '0 9 L * *',
    '0 9 L-1 * *',
    '0 9 LW * *',
  ];
  crons.push('0 9 15W * *', '0 9 * * 5L', '0 9 * * 5#1', '0 9 * * 5#2', '0 9 1 * 1', '0 9 1 * *');
  crons.push('* 2 * * *', '0-59 2 * * *', '30 2 * * *', '0 9 */2 * 1', '0 9 1-31/2 * 1');
  const more = [
    {},
    { start: '2027-01-01' },
    { until: '2026-11-21' },
    { dst: { gap: 'skip' } },
    { dst: { overlap: 'both' } },
  ] as const;
  const schedules = crons.flatMap((cron) =>
    ['Europe/Berlin', 'America/New_York'].flatMap((timezone) =>
      more.map((rest) => compiled({ type: 'cron', cron, timezone, ...rest })),
    ),
  );
  schedules.push(compiled({ type: 'cron', cron: ['0 9 * * *', '0 8 * * *'] }));
  // Twice, so that each finds what an equal one left behind.
  const anchored = [...schedules, ...schedules].map((schedule) => ({ schedule, anchorAt: 0 }));
  for (const after of ['2026-11-20', '2027-03-28', '2026-10-25'].map((day) => Date.parse(day))) {
    expect(firstOccurrences(anchored, after)).toEqual(
      anchored.map(({ schedule }) => nextOccurrence(schedule, after, 0)),
    );
  }
});
