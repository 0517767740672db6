import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFiles } from '../../src/source/find-files.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';
import { withoutPrivileges } from '../support/without-privileges.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jobsd-source-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text = 'version: 1\n'): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const paths = (wanted?: string[]) => findFiles(root, wanted).map((file) => file.path);
const findings = async (wanted?: string[]) => {
  const result = await loadConfiguration({
    root,
    ...(wanted === undefined ? {} : { paths: wanted }),
  });
  return result.findings.map(({ rule, message }) => [rule, message]);
};

test('jobs.yaml and all YAML files under jobs.d are found, sorted', () => {
  for (const path of ['jobs.yaml', 'jobs.d/b.yml', 'jobs.d/a.yaml', 'jobs.d/x/y/c.yaml'])
    write(path);
  for (const path of [
    'jobs.d/readme.md',
    'other/z.yaml',
    'jobs.d/.hidden.yaml',
    'jobs.d/.git/d.yaml',
  ]) {
    write(path);
  }
  expect(paths()).toEqual(['jobs.d/a.yaml', 'jobs.d/b.yml', 'jobs.d/x/y/c.yaml', 'jobs.yaml']);
});

test('paths that are named replace the default ones, and a file counts once', () => {
  write('jobs.yaml');
  write('other/a.yaml');
  write('other/b.txt');
  expect(paths(['other', 'other/a.yaml', 'other/b.txt'])).toEqual(['other/a.yaml', 'other/b.txt']);
});

test('a Kubernetes volume gives each of its files once, by its visible name', async () => {
  write('jobs.d/..2026_11_20/a.yaml');
  symlinkSync('..2026_11_20', join(root, 'jobs.d/..data'));
  symlinkSync('..data/a.yaml', join(root, 'jobs.d/a.yaml'));
  expect(paths()).toEqual(['jobs.d/a.yaml']);
  expect(await findings()).toEqual([]);
});

test('installed packages are left out where a whole project is named', () => {
  for (const path of ['jobs.d/a.yaml', 'node_modules/some/.travis.yml', 'node_modules/some/b.yml'])
    write(path);
  expect(paths(['.'])).toEqual(['jobs.d/a.yaml']);
});

test('links between directories do not lead in circles', () => {
  write('jobs.d/a.yaml');
  symlinkSync('..', join(root, 'jobs.d/up'));
  symlinkSync('.', join(root, 'jobs.d/here'));
  expect(paths()).toContain('jobs.d/a.yaml');
  expect(paths().length).toBeLessThan(4);
});

test('jobs.d itself may be a link', () => {
  write('elsewhere/a.yaml');
  symlinkSync('elsewhere', join(root, 'jobs.d'));
  expect(paths()).toEqual(['jobs.d/a.yaml']);
});

test('what cannot be read is told, each with its reason', async () => {
  write('jobs.d/ok.yaml');
  mkdirSync(join(root, 'jobs.d/directory.yaml'));
  symlinkSync('nowhere', join(root, 'jobs.d/dangling.yaml'));
  symlinkSync('circle.yaml', join(root, 'jobs.d/circle.yaml'));
  execFileSync('mkfifo', [join(root, 'jobs.d/pipe.yaml')]);
  write('jobs.d/large.yaml');
  truncateSync(join(root, 'jobs.d/large.yaml'), 13 * 1024 * 1024);
  const server = createServer().listen(join(root, 'jobs.d/socket.yaml'));
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    expect(await findings()).toEqual([
      ['unreadable-file', 'cannot read jobs.d/circle.yaml: it is a link that leads in a circle'],
      ['unreadable-file', expect.stringContaining('jobs.d/dangling.yaml: it does not exist')],
      ['unreadable-file', 'cannot read jobs.d/directory.yaml: it is a directory'],
      ['unreadable-file', 'cannot read jobs.d/large.yaml: it is larger than 12 MB'],
      ['unreadable-file', 'cannot read jobs.d/pipe.yaml: it is not a regular file'],
      ['unreadable-file', 'cannot read jobs.d/socket.yaml: it is not a regular file'],
    ]);
  } finally {
    server.close();
  }
});

test('a directory that may not be listed is told, and hides no other', async () => {
  write('jobs.d/ok.yaml', 'version: 1\njobz: {}\n');
  mkdirSync(join(root, 'jobs.d/closed'), { mode: 0 });
  chmodSync(root, 0o755);
  expect(await withoutPrivileges(() => findings())).toEqual([
    ['unreadable-file', 'cannot read jobs.d/closed: permission denied'],
    ['unknown-key', expect.any(String)],
  ]);
});

test('a project without files, a path that is not there and a root that is not there are told', async () => {
  expect(await findings()).toEqual([['no-files', expect.any(String)]]);
  expect(await findings(['nowhere.yaml'])).toEqual([
    ['unreadable-file', expect.stringContaining('nowhere.yaml: it does not exist')],
  ]);
  mkdirSync(join(root, 'empty'));
  expect(await findings(['empty'])).toEqual([['no-files', expect.any(String)]]);
  rmSync(root, { recursive: true });
  expect(await findings()).toEqual([['no-files', expect.any(String)]]);
});

test('a jobs.d that is a file, or a link that leads nowhere, is told', async () => {
  writeFileSync(join(root, 'jobs.d'), 'version: 1\n');
  expect((await loadConfiguration({ root })).ok).toBe(true);
  renameSync(join(root, 'jobs.d'), join(root, 'x'));
  symlinkSync('nowhere', join(root, 'jobs.d'));
  expect(await findings()).toEqual([['unreadable-file', expect.stringContaining('jobs.d')]]);
});

test('modules are judged by where they really are', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'jobsd-outside-'));
  writeFileSync(join(outside, 'a.ts'), '');
  write('services/ok.ts', '');
  symlinkSync('ok.ts', join(root, 'services/inside.ts'));
  symlinkSync(join(outside, 'a.ts'), join(root, 'services/out.ts'));
  symlinkSync(outside, join(root, 'linked'));
  mkdirSync(join(root, 'services/folder.ts'));
  const service = (name: string, path: string) => `  ${name}: { module: ${path} }\n`;
  write(
    'jobs.yaml',
    `version: 1\nservices:\n${service('a', './services/ok.ts')}${service('b', 'services/inside.ts')}${service('c', 'services/out.ts')}${service('d', 'linked/a.ts')}${service('e', '../a.ts')}${service('f', 'services/folder.ts')}${service('g', 'services/no.ts')}${service('h', '"services/a\\0.ts"')}`,
  );
  try {
    expect(
      (await findings()).map(([rule, message]) => [/"(.)"/.exec(message ?? '')?.[1], rule]),
    ).toEqual([
      ['c', 'module-outside-root'],
      ['d', 'module-outside-root'],
      ['e', 'module-outside-root'],
      ['f', 'module-not-a-file'],
      ['g', 'module-missing'],
      ['h', 'module-outside-root'],
    ]);
  } finally {
    rmSync(outside, { recursive: true });
  }
});
