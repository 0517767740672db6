import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newestVersion } from '../../src/backend/sqlite/migrate.ts';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { openSqliteReader } from '../../src/backend/sqlite/open-sqlite-reader.ts';
import { systemClock as clock } from '../../src/clock/system-clock.ts';
import { aRun, noon } from './a-run.ts';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();
const fixtures = fileURLToPath(new URL('../fixtures/state/', import.meta.url));
const files = readdirSync(fixtures).filter((file) => file.endsWith('.db'));

test('there is a state file of every version', () => {
  expect(files.sort()).toEqual(
    Array.from({ length: newestVersion }, (_, index) => `version-${index + 1}.db`),
  );
});

test.each(files)('%s opens with all that an older jobsd left in it', async (file) => {
  const path = join(folder, file);
  copyFileSync(join(fixtures, file), path);
  const backend = await openSqliteBackend({ path, clock });
  const { runs } = await backend.runs({ limit: 100 });
  expect(runs.map(({ state }) => state)).toEqual([
    'missed',
    'timed-out',
    'failed',
    'succeeded',
    'retrying',
    'running',
    'waiting',
  ]);
  expect(await backend.run(aRun('reports/nightly', 4).id)).toStrictEqual(
    aRun('reports/nightly', 4, {
      state: 'failed',
      definition: 'd1',
      payload: '{"key":"newest.data"}',
      endedAt: noon + 1,
      error: { name: 'Error', message: 'no route', code: 'EHOSTUNREACH' },
    }),
  );
  expect(await backend.unfinishedRuns()).toHaveLength(3);
  expect(await backend.jobStates()).toMatchObject([{ occurrences: 6, paused: { actor: 'ops' } }]);
  expect(await backend.definition('d1')).toMatchObject({ timeoutMs: 60_000 });
  expect(await backend.logs(aRun('reports/nightly', 3).id)).toHaveLength(1);
  expect(await backend.keyValues.get('newest.data')).toBe('Ω');
  expect(
    (await backend.commit([{ kind: 'record', run: aRun('heartbeat', 0) }])).dropped,
  ).toHaveLength(1);
  await backend.close();
});

test('the number of a run is there from version 3 on, and absent before', async () => {
  const numbers = files.map(async (file) => {
    const path = join(folder, `numbers-${file}`);
    copyFileSync(join(fixtures, file), path);
    const backend = await openSqliteBackend({ path, clock });
    const unfinished = await backend.unfinishedRuns();
    await backend.close();
    return [file, unfinished.map(({ number }) => number)];
  });
  expect(Object.fromEntries(await Promise.all(numbers))).toEqual({
    'version-1.db': [undefined, undefined, undefined],
    'version-2.db': [undefined, undefined, undefined],
    'version-3.db': [undefined, 2, undefined],
  });
});

test.each(files)(
  '%s can be read before a daemon has brought it up to date, and stays as it is',
  async (file) => {
    const path = join(folder, `read-${file}`);
    copyFileSync(join(fixtures, file), path);
    const reader = await openSqliteReader({ path, clock });
    const { runs } = await reader.runs({ limit: 100 });
    expect(runs).toHaveLength(7);
    expect(await reader.unfinishedRuns()).toHaveLength(3);
    expect(await reader.logs(aRun('reports/nightly', 3).id)).toHaveLength(1);
    expect(await reader.keyValues.get('newest.data')).toBe('Ω');
    await expect(reader.commit([{ kind: 'forget-job', job: 'x' }])).rejects.toThrow();
    await reader.close();
    expect(readFileSync(path).equals(readFileSync(join(fixtures, file)))).toBe(true);
  },
);
