import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDirectories } from '../../src/backend/make-directories.ts';

test('all missing directories are made, for their owner only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jobsd-directories-'));
  const path = join(folder, 'a/b/c');
  makeDirectories(path, 0o700);
  makeDirectories(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  rmSync(folder, { recursive: true });
});

test.runIf(existsSync('/proc/self'))(
  'a place where nothing can be made is refused, not tried for ever',
  () => {
    expect(() => makeDirectories('/proc/jobsd', 0o700)).toThrow(/ENOENT/);
  },
);
