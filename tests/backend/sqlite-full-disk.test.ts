import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();

// A limit on file sizes stands for the full disk: it needs no rights, and can be lifted from outside.
test('a disk that is full keeps nothing of a refused call, and work goes on when there is room', async () => {
  const child = fileURLToPath(new URL('./full-disk-child.ts', import.meta.url));
  const path = join(folder, 'full.db');
  const process_ = spawn(
    'bash',
    ['-c', `ulimit -S -f 2000; exec "$0" "$@"`, process.execPath, child, path],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const full = JSON.parse(String((await lines.next()).value));
  expect(full).toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
    message: expect.stringContaining(path),
  });
  expect(full.acknowledged).toBeGreaterThan(10);
  execFileSync('prlimit', ['--pid', String(process_.pid), '--fsize=unlimited:']);
  process_.stdin.write('go\n');
  const after = JSON.parse(String((await lines.next()).value));
  expect(after.runs).toBe(full.acknowledged + 20);
  expect(after.states).toMatchObject([
    { cursorAt: full.acknowledged + 19, scheduleKey: `k${full.acknowledged + 19}` },
  ]);
});
