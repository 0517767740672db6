import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { launchDaemon, startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration } from '../support/project.ts';

/** Overwrites all of a state file but its first page, as a disk that fails may. */
function damage(path: string): void {
  const pageBytes = 4096;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(statSync(path).size - pageBytes, 0xa5), 0, undefined, pageBytes);
  closeSync(file);
}

test('a ledger found damaged while the daemon runs ends it with a code, and no start goes on with it', async () => {
  const project = aProject({
    'jobs.d/a.yaml': configuration('jobs:\n  one: { type: manual, service: jobsd.ping }\n'),
  });
  const first = await startDaemon(project);
  await first.control.waitForEnd((await first.control.runJob('one', {})).id, 20_000);
  expect((await first.stop()).code).toBe(0);
  const path = project.path('.jobsd/state.db');

  const second = await startDaemon(project);
  damage(path);
  await expect(second.control.runJob('one', {})).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_CORRUPT',
  });
  const trouble = await second.until('ledger-trouble');
  expect(trouble).toMatchObject({ code: 'JOBSD_BACKEND_CORRUPT', level: 'error' });
  expect(trouble.msg).toContain(path);
  const { code, stderr } = await second.exited;
  expect(code).toBe(3);
  expect(stderr).toContain('error[JOBSD_BACKEND_CORRUPT]');
  expect(stderr).toContain('move it away');
  expect(second.log.filter(({ event }) => event === 'ledger-trouble')).toHaveLength(1);

  const third = await launchDaemon(project).exited;
  expect(third.code).toBe(3);
  expect(third.stderr).toContain('error[JOBSD_BACKEND_CORRUPT]');
});

const waiting = `
  import { setTimeout } from 'node:timers/promises';
  import { Service } from 'jobsd';
  export default class Waiting extends Service {
    override async handle() { await setTimeout(3_600_000); }
  }`;

test('a daemon whose state folder is removed ends, runs and all, and the next one starts anew', async () => {
  const project = aProject({
    'services/waiting.ts': waiting,
    'jobs.d/a.yaml': configuration(
      `
services: { waiting: { module: services/waiting.ts } }
jobs:
  one: { type: interval, every: 200ms, service: jobsd.ping }
  long: { type: manual, service: waiting }
`,
      'drainTimeout: 500ms',
    ),
  });
  const daemon = await startDaemon(project);
  await daemon.control.runJob('long', {});
  await daemon.until('run-started', ({ job }) => job === 'long');
  rmSync(project.path('.jobsd'), { recursive: true });
  await daemon.until('ledger-trouble');
  const { code, stderr } = await daemon.exited;
  expect(code).toBe(3);
  expect(stderr).toContain('It was removed or replaced while it was in use');
  const next = await startDaemon(project);
  await next.until('run-ended');
});
