import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aProject, run, runJson } from './cli-fixture.ts';
import { aTimedProject } from './timed-jobs.ts';

const screens: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['job', ['nightly']],
  ['policies', ['both']],
  ['running', ['running']],
  ['lord-howe', ['lord-howe']],
  ['list', ['two-lists']],
  ['calendar-day', ['each-day']],
  ['elapsed-day', ['each-24h']],
  ['one-time-in-gap', ['cutover']],
  ['manual', ['by-hand']],
  ['disabled', ['old']],
  ['expression', ['*/7 9-17 * * MON-FRI', '--timezone', 'America/New_York']],
  ['hash', ['H/15 * * * *']],
  ['leap-day', ['0 0 29 2 *']],
  ['skipped-day', ['0 9 30 * *', '--timezone', 'Pacific/Apia', '--from', '2011-11-01']],
  ['rule', ['unknown-service']],
  ['rule-without-example', ['secret-missing']],
];

test.each(screens)('explain tells what it comes to: %s', async (name, argv) => {
  const { exitCode, stdout, stderr } = await run(aTimedProject(), ['explain', ...argv]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(stdout).toMatchFileSnapshot(`../golden/screens/explain-${name}.txt`);
});

test('programs are told where each value is from', async () => {
  const { json } = await runJson(aTimedProject(), ['explain', 'nightly']);
  expect(json).toMatchObject({
    formatVersion: 1,
    kind: 'job',
    job: 'nightly',
    schedule: '30 2 * * *',
    timezone: 'Europe/Berlin',
    words: 'At 02:30 every day, Europe/Berlin time.',
    notes: [],
  });
  expect(json.fires).toHaveLength(10);
  expect(json.clockChanges.effects).toMatchObject([
    {
      change: 'gap',
      effect: 'moved',
      times: ['2030-03-31T02:30:00'],
      movedTo: '2030-03-31T03:00:00',
    },
    { change: 'overlap', effect: 'first', times: ['2030-10-27T02:30:00'] },
  ]);
  const origin = (key: string) =>
    json.definition.find((entry: { key: string }) => entry.key === key)?.origin;
  expect(origin('timeout')).toMatchObject({
    kind: 'service',
    place: { file: 'jobs.d/times.yaml', line: 3 },
  });
  expect(origin('retry.attempts')).toMatchObject({
    kind: 'defaults',
    place: { file: 'jobs.yaml', line: 2 },
  });
  expect(origin('retry.delay')).toMatchObject({ kind: 'job', place: { line: 10 } });
  expect(origin('overlap')).toEqual({ kind: 'default' });
});

test('changes of the clocks that a job does not live to see, or keeps out of, are not told', async () => {
  const root = aProject({
    'jobs.yaml': `version: 1
defaults: { timezone: Europe/Berlin }
calendars: { weekend: { weekdays: [SAT, SUN] } }
jobs:
  always: { type: cron, cron: "30 2 * * *", service: jobsd.ping }
  three: { type: cron, cron: "30 2 * * *", service: jobsd.ping, repeats: 3 }
  working-days: { type: cron, cron: "30 2 * * *", service: jobsd.ping, except: weekend }
`,
  });
  const effectsOf = async (job: string, from: string) =>
    (await runJson(root, ['explain', job, '--from', from])).json.clockChanges.effects.length;
  expect(await effectsOf('always', '2030-03-29')).toBe(2);
  expect(await effectsOf('three', '2030-03-29')).toBe(0);
  expect(await effectsOf('working-days', '2030-03-29')).toBe(0);
});

test('a value that is merged into a job is from where it is written', async () => {
  const root = aProject({
    'jobs.d/a.yaml': `version: 1
jobs:
  first: &shared
    type: manual
    service: jobsd.ping
    priority: 7
  second:
    <<: *shared
    service: jobsd.echo
`,
  });
  const { json } = await runJson(root, ['explain', 'second']);
  const lines = Object.fromEntries(
    json.definition
      .filter(({ origin }: { origin: { kind: string } }) => origin.kind === 'job')
      .map((entry: { key: string; origin: { place: { line: number } } }) => [
        entry.key,
        entry.origin.place.line,
      ]),
  );
  expect(lines).toEqual({ type: 4, priority: 6, service: 9 });
});

test('a job wins over a rule of its name', async () => {
  const root = aProject({
    'jobs.d/a.yaml':
      'version: 1\njobs: { unknown-service: { type: manual, service: jobsd.ping } }\n',
  });
  expect((await runJson(root, ['explain', 'unknown-service'])).json.kind).toBe('job');
});

test('files with errors keep nobody from asking what a rule or an expression means', async () => {
  const root = aProject();
  mkdirSync(join(root, 'jobs.d'));
  writeFileSync(join(root, 'jobs.d/a.yaml'), 'version: 1\njobs: { a: { type: crom } }\n');
  expect((await runJson(root, ['explain', 'unknown-type'])).json.kind).toBe('rule');
  expect((await runJson(root, ['explain', '@daily'])).json.kind).toBe('cron');
  const { exitCode, stdout, stderr } = await run(root, ['explain', 'a']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('error[unknown-type]');
});

test.each([
  ['nigtly', 4, 'Did you mean "nightly"?'],
  ['unknwn-service', 4, 'Did you mean "unknown-service"?'],
  ['no such thing', 4, 'neither a job nor a cron expression nor a rule'],
  ['61 * * * *', 2, '    61 * * * *\n    ^^\n'],
  ['0 0 31 2 *', 2, 'No date matches "31 2"'],
  ['@daly', 2, 'There are @yearly'],
  ['a'.repeat(5000), 4, `"${'a'.repeat(60)}…" is neither`],
  ['* * * *', 2, '4 fields instead of 5 or 6'],
  ['*/5', 2, '1 field instead of 5 or 6'],
  ['MON * * * *', 2, 'belongs in the day-of-week field'],
  ['last 5 minutes', 4, 'neither a job nor a cron expression nor a rule'],
])('explain %j says what is wrong with it', async (text, code, words) => {
  const { exitCode, stdout, stderr } = await run(aTimedProject(), ['explain', text]);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(words);
});
