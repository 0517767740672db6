import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { aProject, run, runJson } from './cli-fixture.ts';
import { aTimedProject } from './timed-jobs.ts';

const screens: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['all', []],
  ['march-berlin', ['nightly', '--from', '2030-03-30', '--count', '3']],
  ['october-berlin', ['nightly', '--from', '2030-10-26', '--count', '3']],
  ['october-running', ['running', '--from', '2030-10-27 01:50', '--count', '8']],
  ['october-both', ['both', '--from', '2030-10-26', '--count', '4']],
  ['march-shift', ['both', '--from', '2030-03-30', '--count', '3']],
  ['lord-howe-april', ['lord-howe', '--from', '2030-04-06', '--count', '5']],
  ['lord-howe-october', ['lord-howe', '--from', '2030-10-05', '--count', '5']],
  ['month-ends', ['month-end', '--count', '6']],
  ['hashed', ['hashed', '--count', '3']],
  ['jitter', ['spread', '--count', '4']],
  ['calendar-day', ['each-day', '--from', '2030-03-30', '--count', '3']],
  ['elapsed-day', ['each-24h', '--from', '2030-03-30', '--count', '3']],
  ['counted-from-now', ['beat', '--count', '2']],
  ['one-time-in-gap', ['cutover']],
  ['one-time-with-offset', ['cutover-utc']],
  ['disabled', ['old', '--count', '2']],
  ['other-zone', ['nightly', '--from', '2030-03-30', '--count', '3', '--timezone', 'Asia/Tokyo']],
  ['expression', ['--cron', '0 0 31 * *', '--timezone', 'America/New_York']],
];

test.each(screens)('next marks what is not at its own time: %s', async (name, argv) => {
  const { exitCode, stdout } = await run(aTimedProject(), ['next', ...argv]);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(stdout).toMatchFileSnapshot(`../golden/screens/next-${name}.txt`);
});

test('programs are told the same', async () => {
  const root = aTimedProject();
  const { json } = await runJson(root, ['next', 'cutover']);
  expect(json).toEqual({
    formatVersion: 1,
    fires: [
      {
        job: 'cutover',
        nominal: '2030-03-31T01:30:00.000Z',
        planned: '2030-03-31T01:30:00.000Z',
        local: '2030-03-31T03:30:00+02:00',
        timezone: 'Europe/Berlin',
        clockChange: 'moved',
        movedFrom: '2030-03-31T02:30:00',
      },
    ],
  });
  const ofBoth = await runJson(root, ['next', 'both', '--from', '2030-10-27', '--count', '2']);
  expect(ofBoth.json.fires.map((fire: { clockChange: string }) => fire.clockChange)).toEqual([
    'first-of-two',
    'second-of-two',
  ]);
  const [disabled] = (await runJson(root, ['next', 'old'])).json.fires;
  expect(disabled).toMatchObject({ notFiring: 'disabled' });
  const [guess] = (await runJson(root, ['next', 'beat'])).json.fires;
  expect(guess).toMatchObject({ countedFromNow: true });
  const [spread] = (await runJson(root, ['next', 'spread'])).json.fires;
  expect(Date.parse(spread.planned) - Date.parse(spread.nominal)).toBe(spread.jitterMs);
});

test('a paused job is marked up to when it goes on', async () => {
  const root = aTimedProject();
  const path = join(root, '.jobsd/state.db');
  const backend = await openSqliteBackend({ path, clock: systemClock });
  const state = { job: 'spread', scheduleKey: 'x', anchorAt: 0, cursorAt: 0, occurrences: 0 };
  const until = Date.parse('2030-01-01T02:00:00Z');
  await backend.commit([{ kind: 'job-state', state: { ...state, paused: { at: 0, until } } }]);
  await backend.close();
  const { json } = await runJson(root, ['next', 'spread', '--count', '3']);
  expect(json.fires.map((fire: { notFiring?: string }) => fire.notFiring)).toEqual([
    'paused',
    undefined,
    undefined,
  ]);
});

test('what is cut off without a count is told', async () => {
  const range = ['--from', '2030-01-01', '--until', '2030-01-02'];
  const { stdout, stderr } = await run('/', ['next', '--cron', '* * * * * *', ...range]);
  expect(stdout.split('\n')).toHaveLength(10_002);
  expect(stderr).toBe('* * * * * *: these are only the first 10000.\n');
});

test('a pause of a group or of everything marks and tells of jobs as their own would', async () => {
  const root = aProject({
    'jobs.yaml': `version: 1
groups: { etl: { maxRunning: 2 } }
jobs:
  in-group: { type: cron, cron: "0 * * * *", service: jobsd.ping, group: etl }
  alone: { type: cron, cron: "0 * * * *", service: jobsd.ping }
`,
  });
  const pause = async (job: string, until?: string) => {
    const path = join(root, '.jobsd/state.db');
    const backend = await openSqliteBackend({ path, clock: systemClock });
    const paused = { at: 0, ...(until !== undefined && { until: Date.parse(until) }) };
    const state = { job, scheduleKey: '', anchorAt: 0, cursorAt: 0, occurrences: 0, paused };
    await backend.commit([{ kind: 'job-state', state }]);
    await backend.close();
  };
  const silent = async () => {
    const { fires } = (await runJson(root, ['next'])).json;
    return fires.map((fire: { job: string; notFiring?: string }) => [fire.job, fire.notFiring]);
  };
  const paused = async () =>
    (await runJson(root, ['jobs'])).json.jobs.map((job: { paused: boolean }) => job.paused);
  await pause('group:etl');
  expect(await silent()).toEqual([
    ['alone', undefined],
    ['in-group', 'paused'],
  ]);
  expect(await paused()).toEqual([false, true]);
  await pause('all:', '2030-01-01T01:30:00Z');
  const { stdout } = await run(root, ['next', 'alone', '--count', '3']);
  expect(await paused()).toEqual([true, true]);
  await expect(stdout).toMatchFileSnapshot('../golden/screens/next-paused.txt');
});
