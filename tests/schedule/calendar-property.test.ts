import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import type { JobDefinition } from '../../src/config/snapshot.ts';
import { nextWithShifts } from '../../src/schedule/calendar-occurrence.ts';
import { type CalendarRule, exclusionAt } from '../../src/schedule/calendar-rule.ts';
import { takeUp } from '../../src/schedule/take-up.ts';
import { isFull } from '../support/is-full.ts';

const zones = [
  'UTC',
  'Europe/Athens',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/Santiago',
];
const weekdayNames = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const firstDay = Temporal.PlainDate.from('2026-01-01');
const dayCount = 730;
const dayMs = 86_400_000;

interface Freeze {
  readonly from: string;
  readonly until: string;
}

/** As it is written in a file. */
interface WrittenCalendar {
  readonly dates?: readonly string[];
  readonly yearly?: readonly string[];
  readonly weekdays?: readonly string[];
  readonly freeze?: readonly (Freeze & { readonly owner: string; readonly reason: string })[];
}

const dates = fc.integer({ min: -40, max: dayCount + 40 }).map((days) => firstDay.add({ days }));
const dateTexts = fc
  .tuple(dates, fc.integer({ min: 0, max: 9 }))
  .map(([from, days]) => (days === 0 ? `${from}` : `${from}..${from.add({ days })}`));
const yearlyTexts = fc
  .tuple(dates, fc.integer({ min: 0, max: 20 }))
  .map(([from, days]) =>
    days === 0 ? monthDay(from) : `${monthDay(from)}..${monthDay(from.add({ days }))}`,
  );
const freezes = fc
  .tuple(dates, fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 300 }))
  .map(([date, hour, hours]) => {
    const from = date.toPlainDateTime({ hour });
    const [start, until] = [from, from.add({ hours })].map(dateTimeText);
    return { from: start ?? '', until: until ?? '', owner: 'ops', reason: 'quiet' };
  });

const monthDay = (date: Temporal.PlainDate) => `${date}`.slice(5);
const dateTimeText = (time: Temporal.PlainDateTime) => `${time}`.slice(0, 16).replace('T', ' ');

const someOf = <Value>(values: fc.Arbitrary<Value>, maxLength: number) =>
  fc.option(fc.array(values, { minLength: 1, maxLength }), { nil: undefined });

const calendars = (maxWeekdays: number, withFreezes: boolean): fc.Arbitrary<WrittenCalendar> =>
  fc.record({
    dates: fc.array(dateTexts, { minLength: 1, maxLength: 8 }),
    yearly: someOf(yearlyTexts, 4),
    weekdays: someOf(fc.constantFrom(...weekdayNames), maxWeekdays),
    ...(withFreezes ? { freeze: someOf(freezes, 3) } : {}),
  });

const cases = fc.record({
  // No clock changes at these hours: what happens then is held elsewhere.
  hour: fc.integer({ min: 5, max: 21 }),
  minute: fc.integer({ min: 0, max: 59 }),
  zone: fc.constantFrom(...zones),
  weekly: fc.constantFrom('*', '*', 'SAT', 'MON,SUN'),
  only: fc.option(calendars(5, false), { nil: undefined }),
  except: fc.option(fc.array(calendars(3, true), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
  }),
  shift: fc.constantFrom(undefined, 'next', 'previous'),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

/** Through the files, as a user's calendars go. */
async function readJob(written: Case): Promise<JobDefinition & { calendars: CalendarRule }> {
  const { hour, minute, weekly, zone, only, except = [], shift } = written;
  const names = except.map((_, index) => `except-${index}`);
  const document = {
    version: 1,
    calendars: {
      ...(only === undefined ? {} : { only }),
      ...Object.fromEntries(except.map((calendar, index) => [names[index], calendar])),
    },
    jobs: {
      job: {
        type: 'cron',
        cron: `${minute} ${hour} * * ${weekly}`,
        timezone: zone,
        service: 'jobsd.ping',
        ...(only === undefined ? {} : { only: 'only' }),
        ...(names.length === 0 ? {} : { except: names }),
        ...(shift === undefined ? {} : { shift }),
      },
    },
  };
  const bytes = Buffer.from(JSON.stringify(document));
  const files = [{ path: 'jobs.yaml', bytes }];
  const result = await buildSnapshot({ files, unreadable: [], moduleFacts: () => 'ok' });
  const job = result.ok ? result.snapshot.jobs.get('job') : undefined;
  if (job?.calendars === undefined) throw new Error(JSON.stringify(result.findings));
  return { ...job, calendars: job.calendars };
}

function isIn(calendar: WrittenCalendar, date: Temporal.PlainDate, time: string): boolean {
  const day = `${date}`;
  const between = (from: string, value: string, to: string) => from <= value && value <= to;
  const inDates = (calendar.dates ?? []).some((text) => {
    const [from = '', to = from] = text.split('..');
    return between(from, day, to);
  });
  const inYears = (calendar.yearly ?? []).some((text) => {
    const [from = '', to = from] = text.split('..');
    const own = monthDay(date);
    return from <= to ? between(from, own, to) : own >= from || own <= to;
  });
  const inFreezes = (calendar.freeze ?? []).some(
    ({ from, until }) => from <= `${day} ${time}` && `${day} ${time}` < until,
  );
  const name = weekdayNames[date.dayOfWeek - 1] ?? '';
  return inDates || inYears || inFreezes || (calendar.weekdays ?? []).includes(name);
}

/** Day by day, from what is written. */
function firesByBruteForce(written: Case): readonly string[] {
  const { hour, minute, zone, weekly, only, except = [], shift } = written;
  const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  const isFree = (date: Temporal.PlainDate) =>
    (only === undefined || isIn(only, date, time)) &&
    except.every((calendar) => !isIn(calendar, date, time));
  const found = new Set<string>();
  for (let index = -40; index < dayCount + 40; index++) {
    const date = firstDay.add({ days: index });
    if (weekly !== '*' && !weekly.includes(weekdayNames[date.dayOfWeek - 1] ?? '')) continue;
    let target: Temporal.PlainDate | undefined = date;
    for (let days = 0; target !== undefined && !isFree(target); days++) {
      if (shift === undefined || days === 31) target = undefined;
      else target = target.add({ days: shift === 'next' ? 1 : -1 });
    }
    if (target !== undefined) found.add(`${target}`);
  }
  return [...found]
    .map((date) => Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone).toInstant())
    .map((at) => new Date(at.epochMilliseconds).toISOString())
    .sort();
}

function range(written: Case) {
  const at = (date: Temporal.PlainDate) => date.toZonedDateTime(written.zone).epochMilliseconds;
  return { from: at(firstDay), to: at(firstDay.add({ days: dayCount })) };
}

const isUsed = ({ only, except }: Case) => only !== undefined || except !== undefined;

test('two years of fires are those that are found day by day', async () => {
  await fc.assert(
    fc.asyncProperty(cases.filter(isUsed), async (written) => {
      const { schedule, calendars: rule } = await readJob(written);
      const { from, to } = range(written);
      const all: number[] = [];
      let at = nextWithShifts(schedule, rule, from - 1, 0);
      for (; at !== undefined && at < to; at = nextWithShifts(schedule, rule, at, 0)) all.push(at);
      const fires = all
        .filter((each) => exclusionAt(rule, each) === undefined)
        .map((each) => new Date(each).toISOString());
      // The same from anywhere: a daemon that starts has not been at each of them.
      for (let after = from; after < to; after += 2.3 * dayMs) {
        const next = all.find((each) => each > after);
        if (next !== undefined) expect(nextWithShifts(schedule, rule, after, 0)).toBe(next);
      }
      const [first, last] = [new Date(from).toISOString(), new Date(to).toISOString()];
      const expected = firesByBruteForce(written).filter((each) => each >= first && each < last);
      expect(fires).toEqual(expected);
    }),
    { numRuns: isFull ? 60 : 12 },
  );
}, 120_000);

const steps = fc.array(
  fc.record({
    days: fc.integer({ min: 0, max: 60 }),
    hours: fc.integer({ min: 0, max: 23 }),
    // How long before the end of the step the gap ended: below 0 there was none.
    gapHours: fc.integer({ min: -20, max: 100 }),
    mode: fc.constantFrom('none', 'latest', 'all'),
    windowDays: fc.integer({ min: 1, max: 40 }),
    limit: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 8 },
);

test('over random gaps each occurrence ends in exactly one place', async () => {
  await fc.assert(
    fc.asyncProperty(cases.filter(isUsed), steps, async (written, gaps) => {
      const { schedule, calendars: rule } = await readJob(written);
      let now = range(written).from;
      let progress = { cursorAt: now, anchorAt: now, occurrences: 0 };
      for (const { days, hours, gapHours, mode, windowDays, limit } of gaps) {
        now += days * dayMs + hours * 3_600_000;
        const gapEndAt = now - Math.max(gapHours, 0) * 3_600_000;
        const taken = takeUp({
          schedule,
          progress,
          now,
          gapEndAt: gapHours < 0 ? progress.cursorAt : gapEndAt,
          catchUp: { mode, limit, windowMs: windowDays * dayMs },
          plan: (nominal) => nominal,
          calendars: rule,
        });
        expectComplete(schedule, rule, { after: progress.cursorAt, now }, taken);
        progress = taken.progress;
      }
    }),
    { numRuns: isFull ? 90 : 20 },
  );
}, 120_000);

function expectComplete(
  schedule: JobDefinition['schedule'],
  rule: CalendarRule,
  { after, now }: { readonly after: number; readonly now: number },
  { fire, missed, excluded = [], next }: ReturnType<typeof takeUp>,
): void {
  const allowed: number[] = [];
  const forbidden: number[] = [];
  let at = nextWithShifts(schedule, rule, after, 0);
  for (; at !== undefined && at <= now; at = nextWithShifts(schedule, rule, at, 0)) {
    (exclusionAt(rule, at) === undefined ? allowed : forbidden).push(at);
  }
  expect(next?.nominalAt).toBe(at);
  const fired = fire.map(({ nominalAt }) => nominalAt);
  const rest = allowed.filter((nominalAt) => !fired.includes(nominalAt));
  expect(new Set(fired).size).toBe(fired.length);
  expect(fired.every((nominalAt) => allowed.includes(nominalAt))).toBe(true);
  expect([missed?.count ?? 0, missed?.firstAt, missed?.lastAt]).toEqual([
    rest.length,
    rest[0],
    rest.at(-1),
  ]);
  const inStretches = excluded.flatMap(({ firstAt, lastAt, count, reason }) => {
    const inside = forbidden.filter((each) => firstAt <= each && each <= lastAt);
    expect(inside).toHaveLength(count);
    for (const each of inside) expect(exclusionAt(rule, each)).toBe(reason);
    return inside;
  });
  expect(inStretches).toEqual(forbidden);
}
