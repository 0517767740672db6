import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anEmptyProject, repositoryRoot } from '../support/project.ts';

test('building again replaces no file that stays the same, and takes away what is stale', () => {
  const { path } = anEmptyProject();
  const build = () =>
    execFileSync(process.execPath, ['build.ts', path('dist')], { cwd: repositoryRoot });
  const inodes = () =>
    readdirSync(path('dist')).map((name) => `${name} ${statSync(path('dist', name)).ino}`);
  build();
  const before = inodes();
  expect(before.length).toBeGreaterThan(10);
  writeFileSync(path('dist/chunk-OLD.js'), 'export {};\n');
  build();
  expect(inodes()).toEqual(before);
});
