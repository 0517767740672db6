import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { openSqliteReader } from '../../src/backend/sqlite/open-sqlite-reader.ts';
import { systemClock as clock } from '../../src/clock/system-clock.ts';
import { aRun } from './a-run.ts';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();
const childFile = fileURLToPath(new URL('./committing-child.ts', import.meta.url));

function startChild(path: string, first: number): ChildProcess {
  return spawn(process.execPath, [childFile, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills the child after so many acknowledged commits; gives the last number it printed. */
async function killAfter(child: ChildProcess, acknowledged: number): Promise<number> {
  let count = 0;
  let last = -1;
  if (child.stdout === null) throw new Error('The child has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'open') continue;
    last = Number(line);
    count += 1;
    if (count === acknowledged) child.kill('SIGKILL');
  }
  return last;
}

test('after kill -9 at any moment every acknowledged commit is there and none is half', {
  timeout: 120_000,
}, async () => {
  const path = join(folder, 'killed.db');
  let first = 0;
  for (const acknowledged of [1, 7, 64, 250, 3, 1200]) {
    const last = await killAfter(startChild(path, first), acknowledged);
    const backend = await openSqliteBackend({ path, clock });
    const [state] = await backend.jobStates();
    const newest = state?.cursorAt ?? -1;
    expect(newest).toBeGreaterThanOrEqual(last);
    expect(state?.occurrences).toBe(newest);
    expect((await backend.unfinishedRuns()).map(({ id }) => id)).toEqual([aRun('job', newest).id]);
    for (const number of [0, first, last, newest - 1, newest]) await expectWhole(number, newest);
    expect(await backend.run(aRun('job', newest + 1).id)).toBeUndefined();
    await backend.close();
    first = newest + 1;

    async function expectWhole(number: number, top: number): Promise<void> {
      const { id } = aRun('job', number);
      const isTop = number === top;
      expect(await backend.run(id)).toMatchObject({ state: isTop ? 'running' : 'succeeded' });
      expect(await backend.logs(id)).toHaveLength(isTop ? 0 : 1);
    }
  }
  expect(await countRuns(path)).toBe(first);
});

async function countRuns(path: string): Promise<number> {
  const reader = await openSqliteReader({ path, clock });
  let count = 0;
  let after: string | undefined;
  do {
    const page = await reader.runs({ limit: 1000, ...(after === undefined ? {} : { after }) });
    count += page.runs.length;
    after = page.next;
  } while (after !== undefined);
  await reader.close();
  return count;
}

test('a second daemon is refused with the pid of the first until that one is killed', {
  timeout: 120_000,
}, async () => {
  const path = join(folder, 'locked.db');
  const child = startChild(path, 0);
  if (child.stdout === null) throw new Error('The child has no output.');
  await once(child.stdout, 'data');
  await expect(openSqliteBackend({ path, clock })).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_LOCKED',
    message: expect.stringContaining(`Process ${child.pid} `),
  });
  const reader = await openSqliteReader({ path, clock });
  expect((await reader.runs({ limit: 5 })).runs.length).toBeLessThanOrEqual(5);
  await expect(openSqliteBackend({ path, clock })).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_LOCKED',
  });
  await reader.close();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const backend = await openSqliteBackend({ path, clock });
  await backend.close();
});
