import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Change } from '../../src/backend/backend.ts';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { aRun } from '../http/memory-control.ts';
import { aProject, aSyncProject, run, runJson } from './cli-fixture.ts';

const at = (text: string) => Date.parse(text);

/** What a daemon that has stopped leaves behind. */
async function leaveState(root: string, changes: readonly Change[]): Promise<void> {
  const backend = await openSqliteBackend({
    path: join(root, '.jobsd/state.db'),
    clock: systemClock,
  });
  await backend.commit(changes);
  await backend.keyValues.set('newest.data', 'täxt 1');
  await backend.keyValues.set('newest.time', '2');
  await backend.keyValues.set('other', '3');
  await backend.close();
}

const history: readonly Change[] = [
  {
    kind: 'record',
    run: aRun({
      id: 'sync-data@20291231T220000Z',
      nominalAt: at('2029-12-31T22:00:00Z'),
      plannedAt: at('2029-12-31T22:00:00Z'),
      startedAt: at('2029-12-31T22:00:00Z'),
      endedAt: at('2029-12-31T22:00:12Z'),
      state: 'failed',
      attempt: 3,
      error: { name: 'TypeError', message: 'no such field "newest" in the answer of the source' },
    }),
  },
  {
    kind: 'record',
    run: aRun({
      id: 'nightly-report@20291225T003000Z',
      job: 'nightly-report',
      nominalAt: at('2029-12-25T00:30:00Z'),
      plannedAt: at('2029-12-25T00:30:00Z'),
      startedAt: undefined,
      endedAt: undefined,
      attempt: 0,
      state: 'missed',
      reason: 'outage',
      count: 3,
      lastNominalAt: at('2029-12-27T00:30:00Z'),
    }),
  },
  {
    kind: 'record',
    run: aRun({
      result: '{"rows":2}',
      startedAt: at('2030-01-01T00:00:00Z'),
      endedAt: at('2030-01-01T00:00:01.250Z'),
    }),
  },
  {
    kind: 'log',
    id: aRun().id,
    lines: [
      { at: at('2030-01-01T00:00:00.100Z'), level: 'info', text: 'two rows' },
      { at: at('2030-01-01T00:00:00.200Z'), level: 'warn', text: 'one had no key\nleft out' },
    ],
  },
];

test('validate says what is declared when all is well', async () => {
  const root = aSyncProject();
  const { exitCode, stdout, stderr } = await run(root, ['validate']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^Valid: 5 jobs, 1 service, 0 endpoints\. Revision [0-9a-f]+\.\n$/);
  expect((await runJson(root, ['validate'])).json).toEqual({
    formatVersion: 1,
    total: 0,
    findings: [],
  });
});

test('validate shows findings with their place, for people and for programs', async () => {
  const root = aProject({
    'jobs.d/a.yaml':
      'version: 1\njobs:\n  report:\n    type: interval\n    every: 1h\n    servise: jobsd.ping\n',
  });
  const human = await run(root, ['validate']);
  expect(human.exitCode).toBe(1);
  expect(human.stdout).toContain('jobs.d/a.yaml:6:5');
  const { exitCode, json } = await runJson(root, ['validate']);
  expect(exitCode).toBe(1);
  expect(json.formatVersion).toBe(1);
  const [finding] = json.findings;
  expect(finding).toMatchObject({ severity: 'error', file: 'jobs.d/a.yaml', line: 6, column: 5 });
  expect(Object.keys(finding)).toEqual(expect.arrayContaining(['rule', 'message', 'labels']));
});

test('validate takes paths from where the user stands, whatever the root', async () => {
  const root = aProject({
    'app/jobs.d/a.yaml': 'version: 1\njobs: { bad: 1 }\n',
    'app/other/b.yaml': 'version: 1\n',
  });
  expect((await run(root, ['validate', '--root', 'app'])).exitCode).toBe(1);
  expect((await run(root, ['--root', 'app', 'validate', 'app/other'])).exitCode).toBe(0);
  expect((await run(root, ['validate', 'nowhere.yaml'])).exitCode).toBe(1);
});

test('next shows the coming time of every job, in its zone and in UTC', async () => {
  const root = aSyncProject();
  const { exitCode, stdout, stderr } = await run(root, ['next']);
  expect(exitCode).toBe(0);
  expect(stderr).toBe('old-mail is disabled.\n');
  await expect(stdout).toMatchFileSnapshot('../golden/screens/next.txt');
});

test('next shows several times of one job, and the same to programs', async () => {
  const root = aSyncProject();
  const { stdout } = await run(root, ['next', 'nightly-report', '--count', '3']);
  await expect(stdout).toMatchFileSnapshot('../golden/screens/next-job.txt');
  const { json } = await runJson(root, ['next', 'nightly-report', '--count', '1']);
  expect(json).toEqual({
    formatVersion: 1,
    fires: [
      {
        job: 'nightly-report',
        nominal: '2030-01-01T00:30:00.000Z',
        planned: '2030-01-01T00:30:00.000Z',
        local: '2030-01-01T02:30:00+02:00',
        timezone: 'Europe/Athens',
      },
    ],
  });
});

test('next of an expression needs no project', async () => {
  const options = ['--cron', '30 2 * * *', '--timezone', 'Europe/Berlin'];
  const { json } = await runJson('/', [
    'next',
    ...options,
    '--from',
    '2030-03-30',
    '--until',
    '2030-04-02',
  ]);
  expect(json.fires.map((fire: { local: string }) => fire.local)).toEqual([
    '2030-03-30T02:30:00+01:00',
    '2030-03-31T03:00:00+02:00',
    '2030-04-01T02:30:00+02:00',
  ]);
});

test('next points at what is wrong in an expression', async () => {
  const { stderr } = await run('/', ['next', '--cron', '61 * * * *']);
  expect(stderr).toContain('    61 * * * *\n    ^^\n');
});

test('next counts an interval and its repeats on from the state file', async () => {
  const root = aProject({
    'jobs.d/a.yaml':
      'version: 1\njobs:\n  beat: { type: interval, every: 10m, repeats: 5, service: jobsd.ping }\n',
  });
  const before = await runJson(root, ['next', 'beat', '--count', '9']);
  expect(before.json.fires.map((fire: { nominal: string }) => fire.nominal)).toEqual([
    '2030-01-01T00:10:30.000Z',
    '2030-01-01T00:20:30.000Z',
    '2030-01-01T00:30:30.000Z',
    '2030-01-01T00:40:30.000Z',
    '2030-01-01T00:50:30.000Z',
  ]);
  await leaveState(root, [
    {
      kind: 'job-state',
      state: {
        job: 'beat',
        scheduleKey: await scheduleKeyOf(root, 'beat'),
        anchorAt: at('2029-12-31T23:33:00Z'),
        cursorAt: at('2029-12-31T23:53:00Z'),
        occurrences: 2,
      },
    },
  ]);
  const after = await runJson(root, ['next', 'beat', '--count', '9']);
  expect(after.json.fires.map((fire: { nominal: string }) => fire.nominal)).toEqual([
    '2030-01-01T00:03:00.000Z',
    '2030-01-01T00:13:00.000Z',
    '2030-01-01T00:23:00.000Z',
  ]);
  const late = await runJson(root, ['next', 'beat', '--from', '2030-01-01T00:15:00Z']);
  expect(late.json.fires).toHaveLength(1);
});

async function scheduleKeyOf(root: string, job: string): Promise<string> {
  const { loadConfiguration } = await import('../../src/source/load-configuration.ts');
  const loaded = await loadConfiguration({ root });
  if (!loaded.ok) throw new Error('the project is not valid');
  return loaded.snapshot.jobs.get(job)?.schedule.key ?? '';
}

test('a misspelt job is named with the nearest one, exit code 4', async () => {
  const root = aSyncProject();
  for (const argv of [
    ['next', 'sync-dta'],
    ['runs', 'sync-dta'],
  ]) {
    const { exitCode, stdout, stderr } = await run(root, argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain('Did you mean "sync-data"?');
  }
});

test('without a daemon, jobs joins the files with the state file', async () => {
  const root = aSyncProject();
  await leaveState(root, history);
  const { exitCode, stdout, stderr } = await run(root, ['jobs']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('jobsd start');
  await expect(stdout).toMatchFileSnapshot('../golden/screens/jobs.txt');
  const { json } = await runJson(root, ['jobs']);
  expect(json.formatVersion).toBe(1);
  expect(json.jobs.find((job: { name: string }) => job.name === 'sync-data')).toMatchObject({
    type: 'interval',
    schedule: 'every 1h',
    next: '2030-01-01T01:00:00.000Z',
    last: { id: 'sync-data@20300101T000000Z', state: 'succeeded' },
  });
});

test('without a daemon, runs, logs and kv read the state file', async () => {
  const root = aSyncProject();
  await leaveState(root, history);
  const runs = await run(root, ['runs']);
  expect(runs.exitCode).toBe(0);
  await expect(runs.stdout).toMatchFileSnapshot('../golden/screens/runs.txt');
  const logs = await run(root, ['logs', 'sync-data']);
  await expect(logs.stdout).toMatchFileSnapshot('../golden/screens/logs.txt');
  expect((await run(root, ['kv', 'get', 'newest.data'])).stdout).toBe('täxt 1\n');
  expect((await run(root, ['kv', 'newest.data'])).stdout).toBe('täxt 1\n');
  expect((await run(root, ['kv', 'list', 'newest.'])).stdout).toBe('newest.data\nnewest.time\n');
  expect((await run(root, ['kv'])).stdout).toBe('newest.data\nnewest.time\nother\n');
  expect((await runJson(root, ['kv', 'get', 'other'])).json).toEqual({
    formatVersion: 1,
    key: 'other',
    value: '3',
  });
});

test('runs are told to programs with ISO instants, filtered and in pages', async () => {
  const root = aSyncProject();
  await leaveState(root, history);
  const { json } = await runJson(root, ['runs', 'sync-data', '--state', 'succeeded']);
  expect(json).toEqual({
    formatVersion: 1,
    runs: [
      {
        id: 'sync-data@20300101T000000Z',
        job: 'sync-data',
        service: 'api.scheduler.sync',
        trigger: 'schedule',
        state: 'succeeded',
        attempt: 1,
        nominal: '2030-01-01T00:00:00.000Z',
        planned: '2030-01-01T00:00:00.000Z',
        started: '2030-01-01T00:00:00.000Z',
        delayMs: 0,
        ended: '2030-01-01T00:00:01.250Z',
        revision: 'a1b2c3d4e5f6',
        result: { rows: 2 },
      },
    ],
  });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await runJson(root, [
      'runs',
      '--limit',
      '1',
      ...(cursor ? ['--after', cursor] : []),
    ]);
    seen.push(...page.json.runs.map((run: { id: string }) => run.id));
    cursor = page.json.next;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(3);
  expect(new Set(seen).size).toBe(3);
});

test('one run is shown whole: who asked for it, when, where from, and what came of it', async () => {
  const root = aSyncProject();
  const id = 'sync-data@20300101T010000Z';
  const fields = {
    id,
    trigger: 'retry',
    actor: 'cli:anna',
    attempt: 2,
    plannedAt: Date.parse('2030-01-01T01:00:00Z'),
    nominalAt: Date.parse('2030-01-01T01:00:00Z'),
    startedAt: Date.parse('2030-01-01T01:00:02.500Z'),
    endedAt: Date.parse('2030-01-01T01:00:03Z'),
    host: 'host-2',
    place: 'jobs.d/sync.yaml:4',
    commit: '0a1b2c-dirty',
    number: 12,
    payload: '{"key":"newest"}',
    result: '"two \\u001b[31mrows"',
  } as const;
  await leaveState(root, [{ kind: 'record', run: aRun(fields) }]);
  const { stdout } = await run(root, ['runs', id], { columns: 80 });
  await expect(stdout).toMatchFileSnapshot('../golden/screens/run.txt');
  const { json } = await runJson(root, ['runs', id]);
  expect(json.run).toMatchObject({ id, delayMs: 2500, number: 12, commit: '0a1b2c-dirty' });
  expect((await run(root, ['runs', 'sync-data@nobody'])).exitCode).toBe(4);
});

test('on a wide screen runs tell the instant too, and ids are never cut', async () => {
  const root = aSyncProject();
  await leaveState(root, history);
  const wide = await run(root, ['runs'], { columns: 140 });
  expect(wide.stdout).toContain('2029-12-31T22:00:00Z');
  const narrow = await run(root, ['runs'], { columns: 20 });
  expect(narrow.stdout).toContain('nightly-report@20291225T003000Z');
});

test('before the first start there is nothing, which is no failure', async () => {
  const root = aSyncProject();
  const runs = await runJson(root, ['runs']);
  expect(runs).toMatchObject({ exitCode: 0, json: { formatVersion: 1, runs: [] } });
  expect(runs.stderr).toContain('Nothing has run yet');
  expect((await runJson(root, ['kv'])).json).toEqual({ formatVersion: 1, keys: [] });
  expect((await run(root, ['logs', 'sync-data'])).exitCode).toBe(4);
  expect((await run(root, ['kv', 'get', 'x'])).exitCode).toBe(4);
});

test('a project without jobs lists none', async () => {
  const root = aProject({ 'jobs.d/a.yaml': 'version: 1\n' });
  expect((await runJson(root, ['jobs'])).json).toEqual({ formatVersion: 1, jobs: [] });
  expect((await runJson(root, ['next'])).json).toEqual({ formatVersion: 1, fires: [] });
});

test('a damaged state file is reported with its path and left as it is', async () => {
  const root = aSyncProject();
  const path = join(root, '.jobsd/state.db');
  mkdirSync(join(root, '.jobsd'));
  writeFileSync(path, 'this is no database');
  const { exitCode, stderr } = await run(root, ['runs']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('JOBSD_BACKEND_CORRUPT');
  expect(stderr).toContain(path);
  expect(readFileSync(path, 'utf8')).toBe('this is no database');
});

test('an empty path is wrong usage, and does not stand for the whole directory', async () => {
  const { exitCode, stderr } = await run(aSyncProject(), ['validate', '']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: /A path is empty/ });
});

test('commands that need the files say what is wrong with them', async () => {
  const root = aProject({ 'jobs.d/a.yaml': 'version: 1\njobs: { x: { type: crom } }\n' });
  const { exitCode, stdout, stderr } = await run(root, ['jobs']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('jobs.d/a.yaml:2');
  expect(stderr).toContain('JOBSD_CONFIG_INVALID');
});

test('status and reload without a daemon say how to start one, exit code 3', async () => {
  const root = aSyncProject();
  for (const name of ['status', 'reload']) {
    const { exitCode, stdout, stderr } = await run(root, [name]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain(`No daemon runs for ${root}. Start one with: jobsd start`);
  }
});

test('schema prints a JSON Schema that a validator takes', async () => {
  const { stdout } = await run('/', ['schema']);
  const schema = JSON.parse(stdout);
  expect(schema.$schema).toContain('2020-12');
  expect(() => new Ajv2020({ strict: false, discriminator: true }).compile(schema)).not.toThrow();
});

test('a program is told of findings in JSON too, where they keep a command from its work', async () => {
  const root = aProject({ 'jobs.d/a.yaml': 'version: 1\njobs: { a: { type: manual } }\n' });
  for (const argv of [['jobs'], ['next'], ['run', 'a']]) {
    const { exitCode, stdout, stderr } = await run(root, [...argv, '--format', 'json']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    const [findings, error] = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(findings).toMatchObject({
      formatVersion: 1,
      total: 1,
      findings: [{ rule: 'missing-key', file: 'jobs.d/a.yaml', line: 2 }],
    });
    expect(error.error.code).toBe('JOBSD_CONFIG_INVALID');
  }
});
