import { expect, test } from 'vitest';
import { aProject, run, runJson } from './cli-fixture.ts';

function aCalendarProject(): string {
  return aProject({
    'jobs.d/a.yaml': `version: 1
defaults: { timezone: Europe/Berlin }
calendars:
  weekend: { weekdays: [SAT, SUN] }
  holidays: { ics: calendars/holidays.ics }
  year-end:
    freeze: [{ from: 2030-12-20 18:00, until: 2031-01-06, owner: billing, reason: closing the books }]
jobs:
  invoices: { type: cron, cron: "0 9 1 * *", service: jobsd.ping, except: [weekend, holidays], shift: next }
  report: { type: cron, cron: "30 6 * * *", service: jobsd.ping, except: [holidays, year-end] }
  weekly: { type: cron, cron: "0 3 * * *", service: jobsd.ping, only: weekend }
`,
    'calendars/holidays.ics': `BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20300101
SUMMARY:New Year
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
`,
  });
}

test.each([
  ['calendars-moved', ['next', 'invoices', '--count', '7', '--from', '2030-05-15']],
  ['calendars-left-out', ['next', 'report', '--from', '2030-12-19', '--count', '3']],
  ['calendars-all', ['next', 'report', '--from', '2030-12-19', '--count', '6', '--all']],
  ['calendars-only', ['next', 'weekly']],
  ['calendars-explained', ['explain', 'invoices', '--from', '2030-05-15']],
])('next shows what calendars let run: %s', async (name, argv) => {
  const { exitCode, stdout } = await run(aCalendarProject(), argv);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(stdout).toMatchFileSnapshot(`../golden/screens/next-${name}.txt`);
});

test('programs are told where a fire was moved from, and why one is excluded', async () => {
  const root = aCalendarProject();
  const moved = await runJson(root, ['next', 'invoices', '--from', '2030-05-15', '--count', '1']);
  expect(moved.json.fires).toMatchObject([
    {
      nominal: '2030-06-03T07:00:00.000Z',
      calendar: { movedFrom: '2030-06-01T07:00:00.000Z', reason: 'calendar weekend (Saturday)' },
    },
  ]);
  const all = await runJson(root, [
    'next',
    'report',
    '--from',
    '2030-12-20',
    '--count',
    '2',
    '--all',
  ]);
  expect(all.json.fires).toMatchObject([
    { nominal: '2030-12-20T05:30:00.000Z' },
    {
      nominal: '2030-12-21T05:30:00.000Z',
      calendar: {
        excluded: true,
        reason: 'calendar year-end (freeze, closing the books, owner billing)',
      },
    },
  ]);
});

test('the list of jobs shows the next time that calendars let run', async () => {
  const { json } = await runJson(aCalendarProject(), ['jobs']);
  const report = json.jobs.find(({ name }: { name: string }) => name === 'report');
  // At the clock of the test, New Year's Day.
  expect(report.next).toBe('2030-01-02T05:30:00.000Z');
});

test('repeats count what calendars exclude, over years of seconds too', async () => {
  // From Tuesday the 1st on: the 7th is the seventh, of which the 5th and the 6th are excluded.
  const root = aProject({
    'jobs.yaml': `version: 1
calendars:
  weekend: { weekdays: [SAT, SUN] }
  january: { freeze: [{ from: 2030-01-01, until: 2030-02-01, owner: ops, reason: move }] }
jobs:
  frozen: { type: cron, cron: "* * * * * *", service: jobsd.ping, except: january, repeats: 2678371 }
  few: { type: cron, cron: "0 12 * * *", service: jobsd.ping, except: weekend, repeats: 7 }
  many: { type: cron, cron: "* * * * * *", service: jobsd.ping, except: weekend, repeats: 2000000000 }
`,
  });
  const { json } = await runJson(root, ['next', 'few', '--count', '20']);
  expect(json.fires.at(-1).nominal).toBe('2030-01-07T12:00:00.000Z');
  const { json: later } = await runJson(root, ['next', 'few', '--from', '2030-01-05', '--all']);
  expect(later.fires).toHaveLength(3);
  const { json: frozen } = await runJson(root, ['next', 'frozen', '--count', '3']);
  expect(frozen.fires.map(({ nominal }: { nominal: string }) => nominal)).toEqual([
    '2030-02-01T00:00:00.000Z',
    '2030-02-01T00:00:01.000Z',
  ]);
  const { json: far } = await runJson(root, ['next', 'many', '--from', '2040-01-02T00:00:00Z']);
  expect(far.fires[0].nominal).toBe('2040-01-02T00:00:01.000Z');
});
