import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { launchDaemon, startDaemon } from '../support/daemon-process.ts';
import { runJobsd } from '../support/jobsd-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

const start = (project: Project) => runJobsd(project.root, ['start']);

const oneJob = 'jobs:\n  one: { type: interval, every: 1h, service: jobsd.ping }\n';

test('files with errors do not start: every finding is shown, and no state is made', async () => {
  const project = aProject({
    'jobs.d/a.yaml':
      'version: 1\njobs:\n  one: { type: cron, cron: "61 * * * *", service: nope }\n',
    'jobs.d/b.yaml': 'version: 1\njobs:\n  two: { type: interval, service: jobsd.ping }\n',
  });
  const { code, stdout, stderr } = await start(project);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/jobs\.d\/a\.yaml:3:29/);
  expect(stderr).toMatch(/error\[unknown-service\]/);
  expect(stderr).toMatch(/jobs\.d\/b\.yaml:3/);
  expect(stderr).toContain('The daemon was not started');
  expect(() => readFileSync(project.path('.jobsd/state.db'))).toThrow('ENOENT');
});

test('secrets that are missing are reported all at once', async () => {
  const project = aProject({
    'jobs.d/a.yaml': configuration(`endpoints:
  One: { type: rest, url: "\${env:URL_OF_ONE}" }
  Two: { type: smtp, url: "smtp://anna:\${env:PASSWORD_OF_TWO}@127.0.0.1" }
  Three: { type: rest, url: "http://127.0.0.1", headers: { x-key: "\${file:/nowhere/key-of-three}" } }
`),
  });
  const { code, stderr } = await start(project);
  expect(code).toBe(1);
  expect(stderr).toContain('URL_OF_ONE');
  expect(stderr).toContain('PASSWORD_OF_TWO');
  expect(stderr).toContain('/nowhere/key-of-three');
});

test("a second daemon on the same state file is refused, and told the first one's pid", async () => {
  const project = aProject({ 'jobs.d/a.yaml': configuration(oneJob) });
  const first = await startDaemon(project);
  const second = await start(project);
  expect(second.code).toBe(3);
  expect(second.stderr).toContain('JOBSD_BACKEND_LOCKED');
  expect(second.stderr).toContain(String(first.pid));
  expect((await first.control.status()).state).toBe('running');
  expect((await first.stop()).code).toBe(0);
  // The lock went with the process.
  await launchDaemon(project).until('daemon-started');
});

test('a state file that is damaged is named and left as it is', async () => {
  const project = aProject({ 'jobs.d/a.yaml': configuration(oneJob) });
  const garbage = 'this is not the ledger you are looking for\n'.repeat(100);
  project.write('.jobsd/state.db', garbage);
  const { code, stderr } = await start(project);
  expect(code).toBe(3);
  expect(stderr).toContain('JOBSD_BACKEND_CORRUPT');
  expect(stderr).toContain(project.path('.jobsd/state.db'));
  expect(readFileSync(project.path('.jobsd/state.db'), 'utf8')).toBe(garbage);
});

test('a state file whose middle was overwritten is refused and left as it is', async () => {
  const project = aProject({ 'jobs.d/a.yaml': configuration(oneJob) });
  const daemon = await startDaemon(project);
  for (let count = 0; count < 50; count += 1) await daemon.control.runJob('one', {});
  await daemon.stop();
  const path = project.path('.jobsd/state.db');
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096, bytes.length);
  writeFileSync(path, bytes);
  const { code, stderr } = await start(project);
  expect({ code, stderr }).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('JOBSD_BACKEND_CORRUPT'),
  });
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a place where nothing can be written is said, with the path', async () => {
  // Nobody can make a directory there, root included.
  const project = aProject({
    'jobs.d/a.yaml': configuration(oneJob, 'state: /sys/jobsd/state.db'),
  });
  const unwritable = await start(project);
  expect(unwritable.code).toBe(3);
  expect(unwritable.stderr).toContain('JOBSD_BACKEND_UNWRITABLE');
  expect(unwritable.stderr).toContain('/sys/jobsd');

  project.write('jobs.d/a.yaml', configuration(oneJob));
  mkdirSync(project.path('.jobsd/state.db'), { recursive: true });
  const directory = await start(project);
  expect(directory.code).toBe(3);
  expect(directory.stderr).toContain(`${project.path('.jobsd/state.db')} is a directory`);
});
