import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { renderCalendar } from '../../src/cli/view/render-calendar.ts';
import { run } from './cli-fixture.ts';
import { aTimedProject } from './timed-jobs.ts';

function eventsOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
}

/** What RFC 5545 asks of every line, whatever a reader makes of them. */
function checkLines(text: string): void {
  expect(text.endsWith('\r\n')).toBe(true);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
}

test('the fires of all jobs are a calendar that a reader takes', async () => {
  const root = aTimedProject();
  const argv = ['next', '--format', 'ical', '--until', '2030-01-03T00:00:00Z'];
  const { exitCode, stdout } = await run(root, argv);
  expect(exitCode).toBe(0);
  checkLines(stdout);
  const events = eventsOf(stdout);
  const ofNightly = events.filter(({ summary }) => summary === 'nightly');
  expect(ofNightly.map(({ uid }) => uid)).toEqual([
    'nightly@20300101T013000Z',
    'nightly@20300102T013000Z',
  ]);
  expect(ofNightly[0]?.startDate.toJSDate().toISOString()).toBe('2030-01-01T01:30:00.000Z');
  expect(ofNightly[0]?.description).toBe(
    [
      'Sends the nightly report to everybody who has asked for it, and to the archive.',
      '30 2 * * * (Europe/Berlin)',
      'Service reports.nightly, jobs.d/times.yaml:5',
      'Due 2030-01-01T02:30:00+01:00 (Europe/Berlin)',
    ].join('\n'),
  );
  expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
  expect(events.length).toBeGreaterThan(100);
});

test('a calendar of one job is the same each time it is asked for', async () => {
  const root = aTimedProject();
  const argv = ['next', 'spread', '--format', 'ical', '--count', '2'];
  const { stdout } = await run(root, argv);
  const shown = stdout.replaceAll('\r', '').replace(/(?<=jobsd )[\d.]+(?=\/)/, 'VERSION');
  await expect(shown).toMatchFileSnapshot('../golden/screens/next.ics');
  expect((await run(root, argv)).stdout).toBe(stdout);
});

test('an expression has a calendar, too, with ids of its own', async () => {
  const argv = ['next', '--format', 'ical', '--count', '1', '--cron'];
  const [nine] = eventsOf((await run('/', [...argv, '0 9 * * *'])).stdout);
  const [ten] = eventsOf((await run('/', [...argv, '0 9 * * 1-7'])).stdout);
  expect(nine?.summary).toBe('0 9 * * *');
  expect(nine?.uid).not.toBe(ten?.uid);
});

test('a calendar without fires is still one', async () => {
  const { stdout } = await run(aTimedProject(), ['next', 'by-hand', '--format', 'ical']);
  checkLines(stdout);
  expect(eventsOf(stdout)).toEqual([]);
  expect(new ICAL.Component(ICAL.parse(stdout)).getAllSubcomponents()).toHaveLength(1);
});

test('other commands have no calendar', async () => {
  const { exitCode, stdout, stderr } = await run(aTimedProject(), ['jobs', '--format', 'ical']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('jobs has no calendar. Allowed choices are human, json.');
});

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

test(`whatever a text holds, it comes back whole from lines of 75 octets (seed ${seed})`, () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(
    fc.property(text, text, (title, about) => {
      const nominalAt = Date.parse('2030-01-01T01:30:00Z');
      const fire = {
        nominalAt,
        plannedAt: nominalAt,
        job: 'a',
        scheduleZone: 'UTC',
        timezone: 'UTC',
      };
      const one = { ...fire, title, about: [about, 'a;b,c\\d\ne'] };
      const calendar = renderCalendar([one], { now: nominalAt, version: '1.0.0' });
      checkLines(calendar);
      const [event] = eventsOf(calendar);
      const visible = (written: string) =>
        written.replace(/\r\n?/g, '\n').replace(/[^\t\n\P{Cc}]/gu, '');
      expect(event?.summary).toBe(visible(title));
      expect(event?.description.startsWith(`${visible(about)}\na;b,c\\d\ne\n`)).toBe(true);
    }),
    { seed, numRuns: 300 },
  );
});
