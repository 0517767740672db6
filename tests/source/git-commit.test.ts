import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gitCommit } from '../../src/source/git-commit.ts';

const root = mkdtempSync(join(tmpdir(), 'jobsd-git-'));
const file = join(root, 'jobs.yaml');
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: root,
    encoding: 'utf8',
  }).trim();

afterAll(() => rmSync(root, { recursive: true }));

test('outside of git there is no commit', async () => {
  expect(await gitCommit(root, [file])).toBeUndefined();
});

test('a clean file has its commit, an edited or a new one has it with a mark', async () => {
  git('init', '-q');
  writeFileSync(file, 'version: 1\n');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const head = git('rev-parse', 'HEAD');
  expect(await gitCommit(root, [file])).toBe(head);
  writeFileSync(join(root, 'README.md'), 'not ours');
  expect(await gitCommit(root, [file])).toBe(head);
  writeFileSync(file, 'version: 1\njobs: {}\n');
  expect(await gitCommit(root, [file])).toBe(`${head}-dirty`);
});
