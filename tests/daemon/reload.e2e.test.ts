import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/daemon/control.ts';
import { type DaemonProcess, type LoggedEvent, startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

// A job that beats: two beats later than a change is longer than the daemon waits for things to
// settle, so that a second reload would have been seen.
const beat = 'beat: { type: interval, every: 400ms, service: jobsd.ping }';

const hourly = (name: string, every = '1h') =>
  `${name}: { type: interval, every: ${every}, service: jobsd.ping }`;

function jobsFile(...jobs: readonly string[]): string {
  return configuration(`jobs:\n${jobs.map((job) => `  ${job}\n`).join('')}`);
}

/** All that was told about reloads from the change until things are quiet again. */
async function reloadsAfter(daemon: DaemonProcess, change: () => void): Promise<LoggedEvent[]> {
  const before = daemon.log.length;
  change();
  await daemon.until('reloaded');
  for (const _ of [1, 2]) await daemon.until('run-ended', ({ job }) => job === 'beat');
  return daemon.log.slice(before).filter(({ event }) => event.startsWith('reload'));
}

const kinds = (events: readonly LoggedEvent[]) => events.map(({ event }) => event);

async function jobNames(daemon: DaemonProcess): Promise<string[]> {
  return (await daemon.control.jobs()).map(({ name }) => name).filter((name) => name !== 'beat');
}

async function job(daemon: DaemonProcess, name: string): Promise<JobView> {
  const found = (await daemon.control.jobs()).find((view) => view.name === name);
  if (!found) throw new Error(`no job "${name}"`);
  return found;
}

/** As editors that write beside the file and then put the new one in its place. */
function saveAtomically(project: Project, path: string, text: string): void {
  writeFileSync(project.path(`${path}.tmp`), text);
  renameSync(project.path(`${path}.tmp`), project.path(path));
}

/** As vim with a backup: the old file moves aside, the new one is written, the old one goes. */
function saveWithBackup(project: Project, path: string, text: string): void {
  renameSync(project.path(path), project.path(`${path}~`));
  writeFileSync(project.path(path), text);
  rmSync(project.path(`${path}~`));
}

test("an editor's save is one reload, and so is the next one", async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(beat, hourly('one')) });
  const daemon = await startDaemon(project);
  const saved = await reloadsAfter(daemon, () =>
    saveAtomically(project, 'jobs.d/a.yaml', jobsFile(beat, hourly('two'))),
  );
  expect(kinds(saved)).toEqual(['reloaded']);
  expect(saved[0]).toMatchObject({ cause: 'files', added: 1, removed: 1, changed: 0 });
  const backedUp = await reloadsAfter(daemon, () =>
    saveWithBackup(project, 'jobs.d/a.yaml', jobsFile(beat, hourly('three'))),
  );
  expect(kinds(backedUp)).toEqual(['reloaded']);
  const inPlace = await reloadsAfter(daemon, () =>
    project.write('jobs.d/a.yaml', jobsFile(beat, hourly('four'))),
  );
  expect(kinds(inPlace)).toEqual(['reloaded']);
  expect(await jobNames(daemon)).toEqual(['four']);
  expect((await daemon.control.status()).reloads).toBe(3);
});

test('a git checkout that switches 500 files is one reload', async () => {
  const project = aProject({ 'jobs.yaml': jobsFile(beat) });
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=anna', '-c', 'user.email=anna@example.com', ...argv], {
      cwd: project.root,
      stdio: 'pipe',
    });
  const commitAll = (branch: string, every: string) => {
    git('checkout', '-q', '-b', branch);
    for (let index = 0; index < 500; index += 1) {
      const jobs = `version: 1\njobs:\n  ${hourly(`job-${index}`, every)}\n`;
      project.write(`jobs.d/team-${index % 10}/${index}.yaml`, jobs);
    }
    git('add', '.');
    git('commit', '-q', '-m', branch);
  };
  git('init', '-q');
  commitAll('old', '1h');
  commitAll('new', '2h');
  git('checkout', '-q', 'old');
  const daemon = await startDaemon(project);
  const reloads = await reloadsAfter(daemon, () => git('checkout', '-q', 'new'));
  expect(kinds(reloads)).toEqual(['reloaded']);
  expect(reloads[0]).toMatchObject({ changed: 500, jobs: 501 });
});

test('what git has changed only in part is not read, however long it takes', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(beat, hourly('one')) });
  const daemon = await startDaemon(project);
  const before = daemon.log.length;
  project.write('.git/index.lock', '');
  project.write('jobs.d/a.yaml', jobsFile(beat, 'one: { type: manual, service: in-the-other }'));
  for (const _ of [1, 2, 3]) await daemon.until('run-ended', ({ job }) => job === 'beat');
  project.write(
    'jobs.d/b.yaml',
    'version: 1\nservices:\n  in-the-other: { module: services/a.ts }\n',
  );
  project.write('services/a.ts', 'export default class {}\n');
  const reloads = await reloadsAfter(daemon, () => rmSync(project.path('.git/index.lock')));
  // The module is watched only since this reload; a look at what may have changed before that finds
  // nothing, and is no reload.
  const effective = kinds(reloads).filter((kind) => kind !== 'reload-unchanged');
  expect(effective).toEqual(['reloaded']);
  expect(kinds(daemon.log.slice(before))).not.toContain('reload-refused');
});

test('a calendar file that is changed is one reload, and changes the jobs that use it', async () => {
  const event = (day: string) =>
    `BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:${day}\nEND:VEVENT\nEND:VCALENDAR\n`;
  const project = aProject({
    'jobs.d/a.yaml': `${jobsFile(
      beat,
      'free: { type: interval, every: 1h, service: jobsd.ping }',
      'held: { type: interval, every: 1h, service: jobsd.ping, except: holidays }',
    )}calendars:\n  holidays: { ics: calendars/holidays.ics }\n`,
    'calendars/holidays.ics': event('20991225'),
  });
  const daemon = await startDaemon(project);
  const reloads = await reloadsAfter(daemon, () =>
    project.write('calendars/holidays.ics', event('20991226')),
  );
  expect(kinds(reloads)).toEqual(['reloaded']);
  expect(reloads[0]).toMatchObject({ cause: 'files', added: 0, removed: 0, changed: 1 });
  const before = daemon.log.length;
  project.write('calendars/holidays.ics', 'not a calendar');
  const refused = await daemon.until('reload-refused');
  expect(daemon.log.slice(before).map(({ event }) => event)).not.toContain('reloaded');
  expect(JSON.stringify(refused)).toContain('calendar-file-invalid');
});

test('a secret that is mounted anew, by a link above it, is used and kept out of the log', async () => {
  const project = aProject();
  // As Kubernetes does it: the file is a link through a link that is put in the place of an old one.
  const mount = (version: string, secret: string) => {
    project.write(`secrets/..${version}/token`, `${secret}\n`);
    symlinkSync(`..${version}`, project.path('secrets/..new'));
    renameSync(project.path('secrets/..new'), project.path('secrets/..data'));
  };
  mount('v1', 'first-token');
  symlinkSync('..data/token', project.path('secrets/token'));
  const headers = `{ x-token: "\${file:${project.path('secrets/token')}}" }`;
  project.write(
    'jobs.d/a.yaml',
    `${jobsFile(hourly('one'))}endpoints:\n  API: { type: rest, url: "http://127.0.0.1:9", headers: ${headers} }\n`,
  );
  const daemon = await startDaemon(project);
  mount('v2', 'second-token');
  expect(await daemon.until('reloaded')).toMatchObject({ cause: 'files', changed: 0 });
  const payload = { given: 'second-token' };
  const { id } = await daemon.control.invoke('jobsd.echo', { payload });
  const run = await daemon.control.waitForEnd(id, 20_000);
  expect(run.result).toBe('{"given":"[secret]"}');
});

test('a secret that comes after the endpoint which needs it completes the reload', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(hourly('one')) });
  const daemon = await startDaemon(project);
  const headers = `{ x-token: "\${file:${project.path('secrets/token')}}" }`;
  project.write(
    'jobs.d/b.yaml',
    `version: 1\nendpoints:\n  API: { type: rest, url: "http://127.0.0.1:9", headers: ${headers} }\n`,
  );
  await daemon.until('reload-refused');
  project.write('secrets/token', 'hunter2');
  await daemon.until('reloaded');
  expect((await daemon.control.status()).endpoints).toBe(1);
});

test('a directory that is removed and made anew is one reload, and is watched further', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(beat, hourly('one')) });
  const daemon = await startDaemon(project);
  const replaced = await reloadsAfter(daemon, () => {
    rmSync(project.path('jobs.d'), { recursive: true });
    project.write('jobs.d/deep/b.yaml', jobsFile(beat, hourly('two')));
  });
  expect(kinds(replaced)).toEqual(['reloaded']);
  const edited = await reloadsAfter(daemon, () =>
    project.write('jobs.d/deep/b.yaml', jobsFile(beat, hourly('three'))),
  );
  expect(kinds(edited)).toEqual(['reloaded']);
  expect(await jobNames(daemon)).toEqual(['three']);
});

test('a directory that is gone keeps the last good jobs until it is back', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(beat, hourly('one')) });
  const daemon = await startDaemon(project);
  rmSync(project.path('jobs.d'), { recursive: true });
  const refused = await daemon.until('reload-refused');
  expect(refused.findings).toMatchObject([{ rule: 'no-files' }]);
  expect(await jobNames(daemon)).toEqual(['one']);
  const back = await reloadsAfter(daemon, () =>
    project.write('jobs.d/a.yaml', jobsFile(beat, hourly('two'))),
  );
  expect(kinds(back)).toEqual(['reloaded']);
  expect(await jobNames(daemon)).toEqual(['two']);
});

test('a swap of a Kubernetes ConfigMap is one reload, each time', async () => {
  const project = aProject({ 'jobs.d/..v1/a.yaml': jobsFile(beat, hourly('one')) });
  symlinkSync('..v1', project.path('jobs.d/..data'));
  symlinkSync('..data/a.yaml', project.path('jobs.d/a.yaml'));
  const daemon = await startDaemon(project);
  // As the kubelet does it: new directory, new link beside the old one, rename, old one removed.
  const swap = (from: number, name: string) => () => {
    project.write(`jobs.d/..v${from + 1}/a.yaml`, jobsFile(beat, hourly(name)));
    symlinkSync(`..v${from + 1}`, project.path('jobs.d/..data_tmp'));
    renameSync(project.path('jobs.d/..data_tmp'), project.path('jobs.d/..data'));
    rmSync(project.path(`jobs.d/..v${from}`), { recursive: true });
  };
  expect(kinds(await reloadsAfter(daemon, swap(1, 'two')))).toEqual(['reloaded']);
  expect(kinds(await reloadsAfter(daemon, swap(2, 'three')))).toEqual(['reloaded']);
  expect(await jobNames(daemon)).toEqual(['three']);
});

test('files and directories that were not there at the start are noticed when they come', async () => {
  const project = aProject({ 'jobs.yaml': jobsFile(beat) });
  const daemon = await startDaemon(project);
  const directory = await reloadsAfter(daemon, () =>
    project.write('jobs.d/team/a.yaml', `version: 1\njobs:\n  ${hourly('one')}\n`),
  );
  expect(kinds(directory)).toEqual(['reloaded']);
  expect(await jobNames(daemon)).toEqual(['one']);
  const removed = await reloadsAfter(daemon, () =>
    rmSync(project.path('jobs.d'), { recursive: true }),
  );
  expect(kinds(removed)).toEqual(['reloaded']);
  expect(await jobNames(daemon)).toEqual([]);
});

test('touching a file, or saving it as it was, reloads nothing', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(beat, hourly('one')) });
  const daemon = await startDaemon(project);
  const { revision } = await daemon.control.status();
  utimesSync(project.path('jobs.d/a.yaml'), new Date(), new Date());
  await daemon.until('reload-unchanged');
  saveAtomically(project, 'jobs.d/a.yaml', jobsFile(beat, hourly('one')));
  await daemon.until('reload-unchanged');
  expect(await daemon.control.status()).toMatchObject({ reloads: 0, revision });
});

test('a file that is not valid keeps the last good jobs and says so, until it is put right', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(beat, hourly('one')) });
  const daemon = await startDaemon(project);
  const { revision } = await daemon.control.status();
  project.write('jobs.d/a.yaml', jobsFile(beat, hourly('one').replace('every', 'evry')));
  const refused = await daemon.until('reload-refused');
  expect(refused).toMatchObject({ cause: 'files', revision, level: 'error' });
  expect(refused.findings).toContainEqual(
    expect.objectContaining({ rule: 'unknown-key', file: 'jobs.d/a.yaml', line: 5 }),
  );
  const { lastReload, ...status } = await daemon.control.status();
  expect(status).toMatchObject({ revision, reloads: 0, state: 'running' });
  expect(lastReload.ok).toBe(false);
  expect(lastReload.findings).toBeGreaterThan(0);
  await daemon.until('run-ended', (event) => event.job === 'beat');

  project.write('jobs.d/a.yaml', jobsFile(beat, hourly('one', '2h')));
  await daemon.until('reloaded');
  expect((await daemon.control.status()).lastReload).toMatchObject({ ok: true, findings: 0 });
  expect(await job(daemon, 'one')).toMatchObject({ schedule: 'every 2h' });
});

test('the end of a refused reload is told when the files are again what they were', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(hourly('one')) });
  const daemon = await startDaemon(project);
  project.write('jobs.d/a.yaml', 'version: 1\njobs: [');
  await daemon.until('reload-refused');
  project.write('jobs.d/a.yaml', jobsFile(hourly('one')));
  const again = await daemon.until('reload-unchanged');
  expect(again).toMatchObject({ level: 'info', isPutRight: true, cause: 'files' });
  expect(again.msg).toMatch(/^the files are right again \(files\), as they were before/);
  daemon.signal('SIGHUP');
  expect(await daemon.until('reload-unchanged')).toMatchObject({ level: 'debug' });
});

test('an edit keeps the next time of a job, unless the edit is of its schedule', async () => {
  const file = (every: string, timeout: string) =>
    jobsFile(
      beat,
      hourly('edited', every).replace('}', `, timeout: ${timeout} }`),
      hourly('untouched'),
    );
  const project = aProject({ 'jobs.d/a.yaml': file('1h', '1m') });
  const daemon = await startDaemon(project);
  const [edited, untouched] = [await job(daemon, 'edited'), await job(daemon, 'untouched')];
  project.write('jobs.d/a.yaml', file('1h', '2m'));
  expect(await daemon.until('reloaded')).toMatchObject({ changed: 1 });
  expect((await job(daemon, 'edited')).next).toBe(edited.next);

  project.write('jobs.d/a.yaml', file('30m', '2m'));
  const reloaded = await daemon.until('reloaded');
  const next = Date.parse((await job(daemon, 'edited')).next ?? '');
  expect(next).toBeLessThan(Date.parse(edited.next ?? ''));
  // Counted from the edit on: nothing of the new schedule lies before it.
  expect(next).toBeGreaterThan(Date.parse(String(reloaded.time)) + 29 * 60_000);
  expect((await job(daemon, 'untouched')).next).toBe(untouched.next);
});

test('a changed service, or a file it imports, is used by the next run; one under way ends in the old', async () => {
  const service = (version: string) => `
    import { existsSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { Service } from 'jobsd';
    import { word } from './lib/word.ts';
    export default class Slow extends Service {
      override async handle() {
        const { waitFor } = this.request.payload as { waitFor?: string };
        if (waitFor) this.logger.info('under way');
        while (waitFor && !existsSync(waitFor)) await setTimeout(10);
        return [${JSON.stringify(version)}, word, process.pid];
      }
    }`;
  const project = aProject({
    'jobs.d/a.yaml': configuration('services:\n  slow: { module: services/slow.ts }\n'),
    'services/slow.ts': service('v1'),
    'services/lib/word.ts': "export const word = 'old';\n",
  });
  const daemon = await startDaemon(project);
  const gate = project.path('gate');
  const resultOf = async (id: string) => {
    const run = await daemon.control.waitForEnd(id, 20_000);
    return JSON.parse(run.result ?? 'null') as [version: string, word: string, pid: number];
  };
  const underWay = await daemon.control.invoke('slow', { payload: { waitFor: gate } });
  // It has started before its host has read the module, which must not be the new one by then.
  await daemon.until('run-logged');

  project.write('services/slow.ts', service('v2'));
  expect(await daemon.until('hosts-replaced')).toMatchObject({ files: ['services/slow.ts'] });
  await daemon.until('reloaded');
  const second = await resultOf((await daemon.control.invoke('slow', { payload: {} })).id);
  expect(second.slice(0, 2)).toEqual(['v2', 'old']);

  project.write('services/lib/word.ts', "export const word = 'new';\n");
  expect(await daemon.until('hosts-replaced')).toMatchObject({ files: ['services/lib/word.ts'] });
  await daemon.until('reloaded');
  const third = await resultOf((await daemon.control.invoke('slow', { payload: {} })).id);
  expect(third.slice(0, 2)).toEqual(['v2', 'new']);

  project.write('gate', '');
  const first = await resultOf(underWay.id);
  expect(first.slice(0, 2)).toEqual(['v1', 'old']);
  expect(new Set([first[2], second[2], third[2]]).size).toBe(3);
});

test('SIGHUP and `jobsd reload` read the files again', async () => {
  const project = aProject({ 'jobs.d/a.yaml': jobsFile(hourly('one')) });
  const daemon = await startDaemon(project);
  daemon.signal('SIGHUP');
  expect(await daemon.until('reload-unchanged')).toMatchObject({ cause: 'signal' });
  const answer = await daemon.control.reload();
  expect(answer).toMatchObject({ ok: true, changed: false });
  expect(await daemon.until('reload-unchanged')).toMatchObject({ cause: 'request' });
});
