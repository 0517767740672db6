import { expect, test } from 'vitest';
import { commandList } from '../../src/cli/command-list.ts';
import { aProject, run } from './cli-fixture.ts';

const root = '/';

test('the help lists every command and goes to standard output', async () => {
  const { exitCode, stdout, stderr } = await run(root, ['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('../golden/screens/help.txt');
});

test.each(commandList.map(({ name }) => name))(
  'the help of %s fits 80 columns and shows examples',
  async (name) => {
    const { exitCode, stdout } = await run(root, [name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:\n');
    expect(stdout).toMatch(/^ {2}jobsd /m);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await run(root, ['help', name])).stdout).toBe(stdout);
    await expect(stdout).toMatchFileSnapshot(`../golden/screens/help-${name}.txt`);
  },
);

test('the version is that of the package', async () => {
  const { stdout } = await run(root, ['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each([
  [['vaildate'], 'Did you mean validate?'],
  [['validate', '--fromat', 'json'], 'Did you mean --format?'],
  [['runs', '--limt', '5'], 'Did you mean --limit?'],
  [['runs', '--limit', 'many'], 'whole number from 1 to 1000'],
  [['runs', '--limit', '1001'], 'whole number from 1 to 1000'],
  [['runs', '--state', 'faild'], 'Did you mean failed?'],
  [['jobs', '--format', 'xml'], 'Allowed choices are human, json'],
  [['next', '--format', 'xml'], 'and for next also ical'],
  [['run'], "missing required argument 'job'"],
  [['run', 'a', 'b'], 'too many arguments'],
  [['status', 'now'], 'too many arguments'],
  [['kv', 'get'], "missing required argument 'key'"],
  [[], 'Usage: jobsd'],
])('%j is wrong usage: exit code 2, nothing on standard output', async (argv, words) => {
  const { exitCode, stdout, stderr } = await run(root, argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});

test.each([
  [['run', 'a', '--extra', '{key}'], '--extra is not JSON'],
  [['run', 'a', '--extra', 'text'], `--extra '"text"'`],
  [['run', 'a', '--extra', '@missing.json'], 'no such file'],
  [['invoke', 'a', '--payload', '@/'], 'EISDIR'],
  [['next', '--cron', '* * * *'], 'JOBSD_SCHEDULE_INVALID'],
  [['next', '--cron', '* * * * *', '--timezone', 'Europe/Athen'], 'Europe/Athens'],
  [['next', '--cron', '* * * * *', '--from', 'yesterday'], '--from: "yesterday" is not a date'],
  [['validate', '--root', 'no/such/place'], 'no/such/place is not a directory'],
  [['next', 'sync-data', '--cron', '* * * * *'], 'not both'],
])('%j is refused with exit code 2', async (argv, words) => {
  const { exitCode, stdout, stderr } = await run(aProject(), argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});

test('colour is kept from NO_COLOR, from pipes and from dumb terminals', async () => {
  const project = aProject({ 'jobs.d/a.yaml': 'version: 1\n' });
  const terminal = { isTerminal: { stdout: true, stderr: true } };
  const colored = async (argv: string[], options: object) =>
    (await run(project, ['validate', ...argv], options)).stdout.includes('\u001b[');
  expect(await colored([], terminal)).toBe(true);
  expect(await colored([], {})).toBe(false);
  expect(await colored([], { ...terminal, env: { NO_COLOR: '1' } })).toBe(false);
  expect(await colored([], { ...terminal, env: { NO_COLOR: '' } })).toBe(true);
  expect(await colored([], { ...terminal, env: { TERM: 'dumb' } })).toBe(false);
  expect(await colored(['--no-color'], terminal)).toBe(false);
  expect(await colored(['--color'], {})).toBe(true);
  expect(await colored(['--color'], { env: { NO_COLOR: '1' } })).toBe(false);
});

test('a failure for programs is JSON on standard error', async () => {
  const { exitCode, stdout, stderr } = await run(aProject(), ['status', '--format', 'json']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({
    formatVersion: 1,
    error: { code: 'JOBSD_DAEMON_UNREACHABLE' },
  });
});
