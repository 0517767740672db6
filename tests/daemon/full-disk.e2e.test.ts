import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteReader } from '../../src/backend/sqlite/open-sqlite-reader.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { type DaemonProcess, launchDaemon, startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

/** The disk on which a project's state is. */
interface Disk {
  fill(daemon: DaemonProcess): void;
  makeRoom(daemon: DaemonProcess): void;
}

const service = `
  import { existsSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { Service } from 'jobsd';
  export default class Waiting extends Service {
    override async handle() {
      while (!existsSync('gate')) await setTimeout(10);
      return 'done';
    }
  }`;

function aBeatingProject(): Project {
  return aProject({
    'services/waiting.ts': service,
    'jobs.d/a.yaml': configuration(
      `
services: { waiting: { module: services/waiting.ts } }
jobs:
  beat: { type: interval, every: 500ms, service: jobsd.ping, catchUp: all }
  wait: { type: manual, service: waiting, retry: { delay: 10ms } }
`,
      'drainTimeout: 500ms',
    ),
  });
}

/** A limit on the size of the files it writes: needs no rights, and so works everywhere. */
function limitedFiles(project: Project): Disk {
  const limit = (daemon: DaemonProcess, bytes: string) =>
    execFileSync('prlimit', ['--pid', String(daemon.pid), `--fsize=${bytes}:`]);
  return {
    fill: (daemon) => limit(daemon, String(statSync(project.path('.jobsd/state.db-wal')).size)),
    makeRoom: (daemon) => limit(daemon, 'unlimited'),
  };
}

/** A file system of its own, full to the last byte. */
function smallDisk(project: Project): Disk {
  mkdirSync(project.path('.jobsd'));
  mountSmall(project.path('.jobsd'));
  onTestFinished(() => void execFileSync('umount', ['--lazy', project.path('.jobsd')]));
  const filler = project.path('.jobsd/filler');
  return {
    fill() {
      const file = openSync(filler, 'w');
      const block = Buffer.alloc(4096);
      try {
        for (;;) writeSync(file, block);
      } catch {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(filler),
  };
}

function mountSmall(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'pipe' });
}

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'jobsd-mount-'));
  try {
    mountSmall(probe);
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(probe);
  }
}

const disks: (readonly [string, (project: Project) => Disk])[] = [
  ['a limit on files', limitedFiles],
];
// Where nothing may be mounted the limit stands for the full disk alone.
if (canMount()) disks.push(['a small disk', smallDisk]);

test.each(disks)('a full disk stops firing with a message, and it resumes: %s', async (_, open) => {
  const project = aBeatingProject();
  const disk = open(project);
  const daemon = await startDaemon(project);
  const { id } = await daemon.control.runJob('wait', {});
  await daemon.until('run-ended', ({ job }) => job === 'beat');
  disk.fill(daemon);
  const trouble = await daemon.until('ledger-trouble');
  expect(trouble).toMatchObject({ code: 'JOBSD_BACKEND_UNWRITABLE', level: 'error' });
  expect(trouble.msg).toContain(project.path('.jobsd/state.db'));
  expect(await daemon.control.status()).toMatchObject({
    state: 'running',
    trouble: expect.stringContaining(project.path('.jobsd/state.db')),
  });
  // Refused at once rather than kept for later: who asked can tell, and ask again.
  await expect(daemon.control.runJob('wait', {})).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
  });
  await expect(daemon.control.pause('job:beat', {})).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
  });
  // What ends meanwhile is settled later.
  project.write('gate', '');
  disk.makeRoom(daemon);
  const between = daemon.log.length;
  await daemon.until('ledger-recovered');
  const fired = daemon.log.slice(daemon.log.indexOf(trouble), between);
  expect(fired.filter(({ event }) => event === 'run-started')).toEqual([]);
  expect(await daemon.control.waitForEnd(id, 20_000)).toMatchObject({ state: 'succeeded' });
  await daemon.until('run-ended', ({ job }) => job === 'beat');
  expect(await daemon.control.status()).not.toHaveProperty('trouble');
  expect((await daemon.stop()).code).toBe(0);

  const reader = await openSqliteReader({
    path: project.path('.jobsd/state.db'),
    clock: systemClock,
  });
  const { runs } = await reader.runs({ job: 'beat', limit: 1000 });
  const [state] = await reader.jobStates();
  await reader.close();
  const nominal = runs.map(({ nominalAt = 0 }) => nominalAt).sort((a, b) => a - b);
  const count = state?.occurrences ?? 0;
  expect(nominal).toEqual(
    Array.from({ length: count }, (_, k) => (state?.anchorAt ?? 0) + (k + 1) * 500),
  );
  expect(new Set(runs.map((run) => run.state))).toEqual(new Set(['succeeded']));
});

test('a daemon whose disk is full can be stopped; the next one finds what was under way', async () => {
  const project = aBeatingProject();
  const disk = limitedFiles(project);
  const daemon = await startDaemon(project);
  const { id } = await daemon.control.runJob('wait', {});
  await daemon.until('run-ended');
  disk.fill(daemon);
  await daemon.until('ledger-trouble');
  expect(await daemon.stop()).toMatchObject({ signal: null });
  await daemon.until('stopped');
  project.write('gate', '');
  const next = launchDaemon(project);
  expect(await next.until('recovered')).toMatchObject({ retrying: 1 });
  await next.until('daemon-started');
  expect(await next.control.waitForEnd(id, 20_000)).toMatchObject({
    state: 'succeeded',
    attempt: 2,
  });
});
