import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import type { Clock } from '../../src/clock/clock.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { ReloadResult } from '../../src/daemon/control.ts';
import { aRun, aStatus, createMemoryControl, type MemoryControl } from '../http/memory-control.ts';
import { withoutPrivileges } from '../support/without-privileges.ts';
import { aProject, aSyncProject, openDoorFor, run, runJson, start, until } from './cli-fixture.ts';

async function aDaemon(control: MemoryControl = createMemoryControl()) {
  const root = aSyncProject();
  await openDoorFor(root, control);
  return { root, control };
}

const hasBeenAsked = (control: MemoryControl, name: string) =>
  control.asked.some(([method]) => method === name);

test('status shows how the daemon is', async () => {
  const { root } = await aDaemon();
  const { exitCode, stdout, stderr } = await run(root, ['status']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('../golden/screens/status.txt');
  expect((await runJson(root, ['status'])).json).toEqual({ formatVersion: 1, status: aStatus() });
});

test('status shows trouble and a refused reload', async () => {
  const status = aStatus({
    state: 'stopping',
    trouble: 'The state file cannot be written. No space left on device.',
    lastReload: { at: '2029-12-31T23:00:00.000Z', ok: false, findings: 3 },
    hosts: [],
  });
  const { root } = await aDaemon(createMemoryControl({ status }));
  const { stdout } = await run(root, ['status']);
  await expect(stdout).toMatchFileSnapshot('../golden/screens/status-trouble.txt');
});

test('one finding of a refused reload is counted as one', async () => {
  const lastReload = { at: '2029-12-31T23:00:00.000Z', ok: false, findings: 1 };
  const { root } = await aDaemon(createMemoryControl({ status: aStatus({ lastReload }) }));
  expect((await run(root, ['status'])).stdout).toContain(', 1 finding: see jobsd validate');
});

test('a daemon is found although its files have errors by now', async () => {
  const { root } = await aDaemon();
  writeFileSync(join(root, 'jobs.d/sync.yaml'), 'version: 1\njobs: [');
  expect((await run(root, ['status'])).exitCode).toBe(0);
  expect((await run(root, ['jobs'])).exitCode).toBe(0);
});

test('a daemon whose state file lies elsewhere is found through the files', async () => {
  const root = aProject({
    'jobs.d/a.yaml': 'version: 1\ndaemon: { state: var/ledger/state.db }\n',
  });
  await openDoorFor(root, createMemoryControl(), 'var/ledger/state.db');
  expect((await run(root, ['status'])).exitCode).toBe(0);
  writeFileSync(join(root, 'jobs.d/a.yaml'), 'version: 1\n');
  expect((await run(root, ['status'])).exitCode).toBe(3);
});

test("somebody else's daemon is not asked, and it is said as whom to ask", async () => {
  const { root } = await aDaemon();
  chmodSync(root, 0o755);
  chmodSync(join(root, '.jobsd'), 0);
  for (const argv of [['status'], ['runs'], ['run', 'sync-data']]) {
    const { exitCode, stderr } = await withoutPrivileges(() => run(root, argv));
    expect({ argv, exitCode, stderr }).toEqual({
      argv,
      exitCode: 3,
      stderr: `error[JOBSD_DAEMON_UNREACHABLE]: The daemon does not answer. ${root}/.jobsd/control.sock: permission denied. Run this as the user that the daemon runs as.\n`,
    });
  }
  chmodSync(join(root, '.jobsd'), 0o700);
});

test('the way to start a daemon can be copied to a shell, whatever the root is called', async () => {
  const root = aProject({ "my jobs/it's/jobs.d/a.yaml": 'version: 1\n' });
  const { stderr } = await run(root, ['status', '--root', "my jobs/it's"]);
  expect(stderr).toContain(`jobsd start --root '${root}/my jobs/it'\\''s'\n`);
});

test('reload says which revision is in force', async () => {
  const { root } = await aDaemon();
  const { exitCode, stdout } = await run(root, ['reload']);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'Revision f6e5d4c3b2a1 is in force.\n',
  });
});

test('a refused reload shows the findings, exit code 1', async () => {
  const refused: ReloadResult = {
    ok: false,
    changed: false,
    revision: 'a1b2c3d4e5f6',
    findings: [
      {
        rule: 'unknown-service',
        severity: 'error',
        message: 'job "weekly" uses a service that is not declared',
        labels: [{ file: 'jobs.d/a.yaml', line: 4, column: 14, endColumn: 23 }],
      },
    ],
  };
  const { root } = await aDaemon({ ...createMemoryControl(), reload: async () => refused });
  const { exitCode, stdout } = await run(root, ['reload']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('jobs.d/a.yaml:4:14');
  expect(stdout).toContain('revision a1b2c3d4e5f6 stays in force');
  expect((await runJson(root, ['reload'])).json).toMatchObject({
    formatVersion: 1,
    ok: false,
    findings: [{ rule: 'unknown-service', file: 'jobs.d/a.yaml', line: 4 }],
  });
});

test('run waits for the end: result on standard output, log on standard error', async () => {
  const { root, control } = await aDaemon();
  const session = start(root, ['run', 'sync-data', '--extra', '{"key":1}']);
  await until(() => hasBeenAsked(control, 'waitForEnd'));
  control.log('sync-data@manual-1', {
    at: Date.parse('2030-01-01T00:00:31Z'),
    level: 'info',
    text: 'two rows',
  });
  control.end('sync-data@manual-1', {
    result: '{"rows":2}',
    endedAt: Date.parse('2030-01-01T00:00:01.304Z'),
  });
  const { exitCode, stdout, stderr } = await session.done;
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '{\n  "rows": 2\n}\n' });
  expect(stderr).toBe(
    '2030-01-01T00:00:31.000Z info  two rows\nsync-data@manual-1 succeeded after 1.3 s\n',
  );
  expect(control.asked[0]).toEqual([
    'runJob',
    'sync-data',
    { actor: 'cli:anna', trigger: 'manual', extra: { key: 1 } },
  ]);
});

test('run waits for a daemon that has its state file already but does not answer yet', async () => {
  const root = aSyncProject();
  const control = createMemoryControl();
  const statePath = join(root, '.jobsd/state.db');
  const starting = await openSqliteBackend({ path: statePath, clock: systemClock });
  let looks = 0;
  const clock: Clock = {
    ...systemClock,
    after(_delayMs, callback) {
      looks += 1;
      void openDoorFor(root, control).then(callback);
      return () => {};
    },
  };
  control.waitForEnd = async (id) => {
    control.end(id, {});
    return control.run(id);
  };
  const { exitCode } = await run(root, ['run', 'sync-data'], { clock });
  expect({ exitCode, looks }).toEqual({ exitCode: 0, looks: 1 });
  await starting.close();
});

test('a failed run is exit code 1 and says why', async () => {
  const { root, control } = await aDaemon();
  const session = start(root, ['invoke', 'api.scheduler.sync', '--payload', '@-'], {
    input: '[1]',
  });
  await until(() => hasBeenAsked(control, 'waitForEnd'));
  control.end('api.scheduler.sync@invoke-1', {
    state: 'failed',
    attempt: 2,
    error: {
      name: 'TypeError',
      message: 'no field',
      stack: 'TypeError: no field\n    at handle (sync.ts:3:1)',
    },
  });
  const { exitCode, stdout, stderr } = await session.done;
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(
    'failed at attempt 2\nTypeError: no field\n    at handle (sync.ts:3:1)\n',
  );
  expect(control.asked[0]).toEqual([
    'invoke',
    'api.scheduler.sync',
    { actor: 'cli:anna', trigger: 'manual', payload: [1] },
  ]);
});

test('programs get the run whole', async () => {
  const { root, control } = await aDaemon();
  const session = start(root, ['run', 'sync-data', '--format', 'json']);
  await until(() => hasBeenAsked(control, 'waitForEnd'));
  control.end('sync-data@manual-1', { state: 'timed-out' });
  const { exitCode, stdout } = await session.done;
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    formatVersion: 1,
    run: { id: 'sync-data@manual-1', state: 'timed-out', trigger: 'manual' },
  });
});

test('a detached run prints its id at once', async () => {
  const { root, control } = await aDaemon();
  const { exitCode, stdout } = await run(root, ['run', 'sync-data', '--detach']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'sync-data@manual-1\n' });
  expect(hasBeenAsked(control, 'waitForEnd')).toBe(false);
});

test('Ctrl-C stops the waiting, not the run, and says how to follow on', async () => {
  const { root, control } = await aDaemon();
  const session = start(root, ['run', 'sync-data']);
  await until(() => hasBeenAsked(control, 'waitForEnd'));
  session.interrupt();
  const { exitCode, stdout, stderr } = await session.done;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  expect(stderr).toBe(
    'Stopped waiting; the run goes on. Follow it with: jobsd logs sync-data@manual-1 --follow\n',
  );
});

test('what is waited for is shown on a terminal and wiped away', async () => {
  const { root, control } = await aDaemon();
  const session = start(root, ['run', 'sync-data'], { isTerminal: { stdout: true, stderr: true } });
  await until(() => session.output.stderr.includes('running'));
  control.end('sync-data@manual-1', {});
  const { stderr } = await session.done;
  expect(stderr).toContain('\r\u001b[2Ksync-data@manual-1 running, ');
  expect(stderr.lastIndexOf('\r\u001b[2K')).toBeGreaterThan(stderr.lastIndexOf('running'));
});

test('an unknown job is what the daemon says it is, exit code 4', async () => {
  const { root } = await aDaemon();
  const { exitCode, stderr } = await run(root, ['run', 'sync-dat']);
  expect(exitCode).toBe(4);
  expect(stderr).toContain('JOBSD_JOB_NOT_FOUND');
});

test('logs --follow shows lines as they come and ends with the run', async () => {
  const control = createMemoryControl({ runs: [aRun({ state: 'running', endedAt: undefined })] });
  const { root } = await aDaemon(control);
  const { id } = aRun();
  control.log(id, { at: 1_000, level: 'info', text: 'first' });
  const session = start(root, ['logs', 'sync-data', '--follow']);
  await until(() => session.output.stdout.includes('first'));
  control.log(id, { at: 2_000, level: 'error', text: 'second' });
  control.end(id, { state: 'failed' });
  const { exitCode, stdout, stderr } = await session.done;
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    '1970-01-01T00:00:01.000Z info  first\n1970-01-01T00:00:02.000Z error second\n',
  );
  expect(stderr).toBe(`${id} failed\n`);
  const offsets = control.asked.flatMap(([name, , from]) => (name === 'logs' ? [from] : []));
  expect([offsets[0], offsets.at(-1)]).toEqual([0, 1]);
});

test('logs of a run nobody knows is exit code 4', async () => {
  const { root } = await aDaemon();
  expect((await run(root, ['logs', 'x@20300101T000000Z'])).exitCode).toBe(4);
  expect((await run(root, ['logs', 'nothing'])).exitCode).toBe(4);
});

test('runs of a misspelt job name the nearest one the daemon knows', async () => {
  const { root } = await aDaemon();
  const { exitCode, stderr } = await run(root, ['runs', 'sink-data']);
  expect(exitCode).toBe(4);
  expect(stderr).toContain('Did you mean "sync-data"?');
});
