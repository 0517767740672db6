import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { openDataSource } from '../../examples/playground/data-source.ts';
import { openInbox } from '../../examples/playground/inbox.ts';
import { aClone, aProjectLikeOurs } from '../support/clone.ts';
import { followDaemon } from '../support/daemon-process.ts';
import {
  plainEnvironment,
  processExit,
  runJobsd,
  type Variables,
} from '../support/jobsd-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

/** The playground's servers, on free ports. */
async function openPlayground() {
  const mails: string[][] = [];
  const source = await openDataSource(0);
  const inbox = await openInbox(0, (lines) => void mails.push([...lines]));
  onTestFinished(async () => {
    await Promise.all([source.close(), inbox.close()]);
  });
  const variables: Variables = {
    DATA_SOURCE_URL: `http://127.0.0.1:${source.port}`,
    SMTP_URL: `smtp://127.0.0.1:${inbox.port}`,
  };
  return { mails, variables };
}

test('npm start runs the declared jobs: the heartbeat in seconds, the mail, the value, the list of runs', async () => {
  const clone = aClone();
  const { mails, variables } = await openPlayground();
  const env = { ...plainEnvironment(), ...variables };
  const npm = spawn('npm', ['start', '--', '--log-level', 'debug'], {
    cwd: clone.root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const daemon = followDaemon(npm, clone, 'group');
  const jobsd = (...argv: string[]) =>
    processExit(
      spawn(process.execPath, ['dist/main.js', ...argv], {
        cwd: clone.root,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );

  const started = await daemon.until('daemon-started');
  expect(started).toMatchObject({ backend: 'sqlite', root: clone.root });
  const first = await daemon.until('run-started');
  expect(first).toMatchObject({ job: 'heartbeat', trigger: 'schedule' });
  expect(Date.parse(String(first.nominalAt)) - Date.parse(String(started.time))).toBeLessThan(
    10_000,
  );
  await daemon.until(
    'run-ended',
    ({ job, outcome }) => job === 'heartbeat' && outcome === 'succeeded',
  );

  const run = await jobsd('run', 'sync-data');
  expect(run).toMatchObject({ code: 0, signal: null });
  expect(run.stderr).toContain('stored and mailed');
  expect(JSON.parse(run.stdout)).toMatchObject({ key: 'newest.data' });
  const { stdout: newest } = await jobsd('kv', 'get', 'newest.data');
  expect(JSON.parse(newest)).toMatchObject({ reading: expect.any(Number) });
  expect(mails).toContainEqual([
    'mail to team@example.com: New data',
    `  attached my.data.txt: ${newest.trimEnd()}`,
  ]);
  const listed = await jobsd('runs', '--format', 'json');
  const { runs } = JSON.parse(listed.stdout) as { runs: { job: string; state: string }[] };
  for (const job of ['heartbeat', 'sync-data']) {
    expect(runs).toContainEqual(expect.objectContaining({ job, state: 'succeeded' }));
  }

  // To the whole process group, as Ctrl-C in a terminal or a supervisor does it.
  daemon.signal('SIGTERM');
  expect(await daemon.until('stopped')).toMatchObject({ lost: 0 });
  await daemon.exited;
});

test('without a daemon, run does the same by itself, and what it did can be read', async () => {
  const project = aProjectLikeOurs();
  const { mails, variables } = await openPlayground();
  const jobsd = (...argv: string[]) => runJobsd(project.root, argv, { variables });
  project.write('extra.json', '{ "key": "other.key" }');
  const run = await jobsd('run', 'sync-data', '--extra', '@extra.json');
  expect(run).toMatchObject({ code: 0 });
  expect(JSON.parse(run.stdout)).toMatchObject({ key: 'other.key' });
  expect(run.stderr).toContain('stored and mailed');
  const { stdout: newest } = await jobsd('kv', 'get', 'other.key');
  expect(mails).toEqual([
    ['mail to team@example.com: New data', `  attached my.data.txt: ${newest.trimEnd()}`],
  ]);
  const listed = await jobsd('runs', 'sync-data', '--format', 'json');
  expect(JSON.parse(listed.stdout)).toMatchObject({
    formatVersion: 1,
    runs: [
      { job: 'sync-data', state: 'succeeded', trigger: 'manual', payload: { key: 'other.key' } },
    ],
  });
});

test('a run that fails exits with 1 and says why; a service that is invoked, too', async () => {
  const project = aProjectLikeOurs();
  // Port 9 (discard): nobody listens there.
  const variables = { DATA_SOURCE_URL: 'http://127.0.0.1:9', SMTP_URL: 'smtp://127.0.0.1:9' };
  const jobsd = (...argv: string[]) => runJobsd(project.root, argv, { variables });
  const run = await jobsd('run', 'sync-data');
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain('My Data Source');
  const payload = '{"key":"newest.data"}';
  const invoked = await jobsd(
    'invoke',
    'api.scheduler.sync',
    '--payload',
    payload,
    '--format',
    'json',
  );
  expect(invoked.code).toBe(1);
  expect(JSON.parse(invoked.stdout)).toMatchObject({ run: { state: 'failed' } });
});

test('a service can be invoked with a payload from a file or from standard input', async () => {
  const project = aProject({
    'jobs.d/a.yaml': configuration('jobs: {}\n'),
    'x.json': '[1, "two"]',
  });
  const fromFile = await runJobsd(project.root, ['invoke', 'jobsd.echo', '--payload', '@x.json']);
  expect(fromFile.code).toBe(0);
  expect(fromFile.stdout).toContain('two');
  const fromInput = await runJobsd(project.root, ['invoke', 'jobsd.echo', '--payload', '@-'], {
    input: '{"three": 3}',
  });
  expect(fromInput.code).toBe(0);
  expect(fromInput.stdout).toContain('three');
});

test.each<[string[], string, number]>([
  [['run', 'sync-dat'], 'Did you mean "sync-data"?', 4],
  [['invoke', 'api.scheduler.synk'], 'Did you mean "api.scheduler.sync"?', 4],
  [['run', 'sync-data', '--extra', '{key'], '--extra is not JSON', 2],
  [['run', 'sync-data', '--extra', '@gone.json'], 'gone.json', 2],
])('jobsd %j says what is wrong with it', async (argv, words, code) => {
  const project: Project = aProjectLikeOurs();
  const answer = await runJobsd(project.root, argv);
  expect(answer).toMatchObject({ code, stdout: '' });
  expect(answer.stderr).toContain(words);
});
