import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryControl } from '../http/memory-control.ts';
import { aProject, aSyncProject, openDoorFor, someJobs } from './cli-fixture.ts';

const program = join(import.meta.dirname, '../../src/main.ts');
const preload = join(import.meta.dirname, 'print-loaded.ts');

interface ProcessEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  loaded: string[];
}

function launch(
  root: string,
  argv: readonly string[],
  variables: { USER?: string } = { USER: 'anna' },
) {
  const child = spawn(process.execPath, ['--import', preload, program, ...argv], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = ['', '', '', ''];
  for (const fd of [1, 2, 3]) {
    child.stdio[fd]?.on('data', (chunk) => {
      texts[fd] += String(chunk);
    });
  }
  const end = once(child, 'close').then(
    ([exitCode, signal]): ProcessEnd => ({
      exitCode,
      signal,
      stdout: texts[1] ?? '',
      stderr: texts[2] ?? '',
      loaded: (texts[3] ?? '').trimEnd().split('\n'),
    }),
  );
  return { child, end };
}

test('validate loads nothing that it does not use', async () => {
  const { exitCode, stdout, loaded } = await launch(aSyncProject(), ['validate']).end;
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: /^Valid: 5 jobs/ });
  const heavy = [
    'fastify',
    'pino',
    'undici',
    'luxon',
    'nodemailer',
    'chokidar',
    'cronstrue',
    'ical.js',
  ];
  const packages = heavy.filter((name) =>
    loaded.some((url) => url.includes(`/node_modules/${name}/`)),
  );
  const builtins = ['node:http', 'node:sqlite', 'node:net'].filter((name) => loaded.includes(name));
  const stages = ['/src/daemon/', '/src/host/', '/src/backend/', '/src/http/'].filter((stage) =>
    loaded.some((url) => url.includes(stage)),
  );
  expect({ packages, builtins, stages }).toEqual({ packages: [], builtins: [], stages: [] });
});

test.each([
  [['validate'], 0],
  [['validate', 'missing.yaml'], 1],
  [['vaildate'], 2],
  [['status'], 3],
  [['next', 'no-such-job'], 4],
])('%j ends the process with exit code %d', async (argv, exitCode) => {
  const ended = await launch(aSyncProject(), argv).end;
  expect(ended.exitCode).toBe(exitCode);
});

test('a Node that is too old is named, with the one that is needed, and nothing else is said', async () => {
  const older = `data:text/javascript,${encodeURIComponent(
    'const node = "20.20.2"; Object.defineProperty(process, "versions", { value: { node } });' +
      'process.getBuiltinModule = undefined;',
  )}`;
  const child = spawn(process.execPath, ['--import', older, program, '--version'], {
    env: { HOME: process.env.HOME },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 3,
    stderr: `error: jobsd needs Node 24 or newer, and this is Node 20.20.2 (${process.execPath}).\n`,
  });
});

test('a reader that stops early ends the command quietly', async () => {
  const { child, end } = launch(aSyncProject(), ['next', 'sync-data', '--count', '10000']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { exitCode, signal, stderr } = await end;
  expect({ exitCode, signal, stderr }).toEqual({ exitCode: 0, signal: null, stderr: '' });
});

test('a long result reaches a slow reader whole', async () => {
  const { child, end } = launch(aSyncProject(), [
    'next',
    'sync-data',
    '--count',
    '10000',
    '--format',
    'json',
  ]);
  child.stdout?.pause();
  await once(child.stdio[3] as NodeJS.ReadableStream, 'data');
  child.stdout?.resume();
  const { exitCode, stdout } = await end;
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).fires).toHaveLength(10_000);
});

test('Ctrl-C while a run is waited for leaves it running and ends with 130', async () => {
  const root = aSyncProject();
  const control = createMemoryControl();
  await openDoorFor(root, control);
  const { child, end } = launch(root, ['run', 'sync-data']);
  while (!control.asked.some(([name]) => name === 'waitForEnd')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await end;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  expect(stderr).toContain('jobsd logs sync-data@manual-1 --follow');
});

test('a command that nobody listens for signals in dies of them at once', async () => {
  const root = aProject({ 'jobs.d/a.yaml': someJobs, 'services/sync.ts': '' });
  const { child, end } = launch(root, ['kv', 'list']);
  child.kill('SIGTERM');
  expect((await end).signal).toBe('SIGTERM');
});

test('a result that cannot be written is no success', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [program, 'validate'], {
    cwd: aSyncProject(),
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 3,
    stderr: 'error: standard output cannot be written: ENOSPC: no space left on device, write.\n',
  });
});

test('who asks is known where no shell has set it', async () => {
  const root = aSyncProject();
  const control = createMemoryControl();
  await openDoorFor(root, control);
  await launch(root, ['pause', '--all'], {}).end;
  expect(control.asked).toEqual([['pause', 'all', { actor: `cli:${userInfo().username}` }]]);
});
