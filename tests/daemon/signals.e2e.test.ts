import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { type DaemonProcess, launchDaemon, startDaemon } from '../support/daemon-process.ts';
import { runJobsd } from '../support/jobsd-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

// Ends when the file `gate` is there; starts a process of its own that would outlive it.
const waiting = `
  import { spawn } from 'node:child_process';
  import { existsSync, writeFileSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { Service } from 'jobsd';
  export default class Waiting extends Service {
    override async handle() {
      const child = spawn('sleep', ['600'], { stdio: 'ignore' });
      writeFileSync('pids', JSON.stringify([process.pid, child.pid]));
      while (!existsSync('gate')) await setTimeout(10);
      child.kill();
      return 'done';
    }
  }`;

function aWaitingProject(daemon: string, job = ''): Project {
  return aProject({
    'jobs.d/a.yaml': configuration(
      `services:\n  waiting: { module: services/waiting.ts }\n` +
        `jobs:\n  wait: { type: manual, service: waiting${job && `, ${job}`} }\n`,
      daemon,
    ),
    'services/waiting.ts': waiting,
  });
}

/** Resolves with the run once its service has begun. */
async function startWaiting(daemon: DaemonProcess, project: Project): Promise<string> {
  const { id } = await daemon.control.runJob('wait', {});
  await vi.waitFor(() => expect(processesOf(project)).toHaveLength(2), { timeout: 20_000 });
  return id;
}

const processesOf = (project: Project): number[] =>
  existsSync(project.path('pids')) ? JSON.parse(readFileSync(project.path('pids'), 'utf8')) : [];

/** Those that still run; one that is dead and waits to be collected by its parent does not. */
function alive(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  });
}

async function storedRun(project: Project, id: string) {
  const { stdout } = await runJobsd(project.root, ['runs', '--format', 'json']);
  const { runs } = JSON.parse(stdout) as { runs: { id: string; state: string }[] };
  return runs.find((run) => run.id === id);
}

test('SIGTERM lets the run under way end, then everything is closed', async () => {
  const project = aWaitingProject('drainTimeout: 1m');
  const daemon = await startDaemon(project);
  const id = await startWaiting(daemon, project);
  const pids = [
    ...processesOf(project),
    ...(await daemon.control.status()).hosts.map((h) => h.pid),
  ];
  daemon.signal('SIGTERM');
  expect(await daemon.until('stopping')).toMatchObject({ cause: 'SIGTERM', running: 1 });
  await expect(daemon.control.runJob('wait', {})).rejects.toMatchObject({
    code: 'JOBSD_DAEMON_STOPPING',
  });
  project.write('gate', '');
  expect(await daemon.until('run-ended')).toMatchObject({ id, outcome: 'succeeded' });
  expect(await daemon.until('stopped')).toMatchObject({ lost: 0 });
  expect(await daemon.exited).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(alive(pids)).toEqual([]);
  expect(existsSync(project.path('.jobsd/control.sock'))).toBe(false);
  expect(await storedRun(project, id)).toMatchObject({ state: 'succeeded' });
});

test('once it has stopped nothing keeps the process alive', async () => {
  const project = aWaitingProject('drainTimeout: 1m');
  project.write('gate', '');
  const daemon = await startDaemon(project);
  const { id } = await daemon.control.runJob('wait', {});
  await daemon.control.waitForEnd(id, 20_000);
  // Hosts are replaced, so that those of before have been let go as well.
  project.write('services/waiting.ts', `${waiting}\n`);
  await daemon.until('hosts-replaced');
  daemon.signal('SIGTERM');
  await daemon.until('stopped');
  const timer = once(spawn('sleep', ['2'], { stdio: 'ignore' }), 'exit');
  expect(await Promise.race([daemon.exited, timer])).toMatchObject({ code: 0 });
});

test('a signal that arrives twice, as npm and supervisors pass it on, is one signal', async () => {
  const project = aWaitingProject('drainTimeout: 1m');
  const daemon = await startDaemon(project);
  const id = await startWaiting(daemon, project);
  daemon.signal('SIGTERM');
  await daemon.until('stopping');
  daemon.signal('SIGTERM');
  project.write('gate', '');
  expect(await daemon.until('run-ended')).toMatchObject({ id, outcome: 'succeeded' });
  expect(await daemon.exited).toMatchObject({ code: 0 });
});

test('what has not ended after the drain timeout is killed and lost', async () => {
  const project = aWaitingProject('drainTimeout: 300ms', 'retry: { onLost: false }');
  const daemon = await startDaemon(project);
  const id = await startWaiting(daemon, project);
  const { code } = await daemon.stop();
  expect(code).toBe(0);
  expect(await daemon.until('run-ended')).toMatchObject({ id, outcome: 'lost' });
  expect(await daemon.until('stopped')).toMatchObject({ lost: 1 });
  expect(alive(processesOf(project))).toEqual([]);
  expect(await storedRun(project, id)).toMatchObject({ state: 'lost', attempt: 1 });
});

test('a run that was killed at the drain timeout is tried again by the next daemon', async () => {
  const project = aWaitingProject('drainTimeout: 0s', 'retry: { delay: 10ms }');
  const daemon = await startDaemon(project);
  const id = await startWaiting(daemon, project);
  await daemon.stop();
  expect(await daemon.until('stopped')).toMatchObject({ lost: 1 });
  project.write('gate', '');
  const next = await startDaemon(project);
  const run = await next.control.waitForEnd(id, 20_000);
  expect(run).toMatchObject({ state: 'succeeded', attempt: 2 });
});

test('a second signal ends it at once; the next daemon finds what was under way', async () => {
  const project = aWaitingProject('drainTimeout: 10m', 'retry: { onLost: false }');
  const daemon = await startDaemon(project);
  const id = await startWaiting(daemon, project);
  const pids = processesOf(project);
  daemon.signal('SIGINT');
  await daemon.until('stopping');
  daemon.signal('SIGTERM');
  expect(await daemon.until('stop-forced')).toMatchObject({ cause: 'SIGTERM', running: 1 });
  expect((await daemon.exited).code).toBe(3);
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 10_000 });
  const next = launchDaemon(project);
  expect(await next.until('recovered')).toMatchObject({ lost: 1 });
  await next.until('daemon-started');
  expect(await next.control.run(id)).toMatchObject({ state: 'lost' });
});

test('kill -9 leaves no process behind', async () => {
  const project = aWaitingProject('drainTimeout: 10m');
  const daemon = await startDaemon(project);
  await startWaiting(daemon, project);
  const pids = [
    ...processesOf(project),
    ...(await daemon.control.status()).hosts.map((h) => h.pid),
  ];
  await daemon.kill();
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 10_000 });
});

test('signals that come while it starts are heeded: SIGHUP does not end it, SIGTERM stops it', async () => {
  const project = aWaitingProject('drainTimeout: 10m');
  const daemon = launchDaemon(project);
  await daemon.until('recovered');
  daemon.signal('SIGHUP');
  daemon.signal('SIGTERM');
  expect(await daemon.until('stopping')).toMatchObject({ cause: 'SIGTERM' });
  expect(await daemon.exited).toMatchObject({ code: 0, signal: null });
});
