import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backend, Change, JobState } from '../../src/backend/backend.ts';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { openSqliteReader } from '../../src/backend/sqlite/open-sqlite-reader.ts';
import { openStore } from '../../src/backend/sqlite/open-store.ts';
import type { Store } from '../../src/backend/sqlite/store.ts';
import { storeFailure } from '../../src/backend/sqlite/store-failure.ts';
import { systemClock as clock } from '../../src/clock/system-clock.ts';
import { JobsdError } from '../../src/errors.ts';
import { isFull } from '../support/is-full.ts';
import { aRun } from './a-run.ts';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();
let files = 0;

function freshPath(): string {
  files += 1;
  return join(folder, `state-${files}.db`);
}

/** What a daemon acts upon after a start. */
function whatIsExecuted(store: Store): string {
  return JSON.stringify({
    states: store.jobStates(),
    unfinished: store.unfinishedRuns(),
    definitions: [0, 1, 2, 3].map((key) => store.definition(`d${key}`)),
  });
}

async function fill(backend: Backend): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    await backend.commit([0, 1, 2, 3].flatMap((job) => changesOf(job, round)));
  }
}

function changesOf(job: number, round: number): Change[] {
  const run = aRun(`team/job-${job}`, round, { definition: `d${job}`, payload: '{"a":1}' });
  const state: JobState = {
    job: `team/job-${job}`,
    scheduleKey: `interval|${job}h`,
    anchorAt: 1,
    cursorAt: run.plannedAt,
    occurrences: round,
  };
  return [
    { kind: 'definition', key: `d${job}`, json: `{"name":"job-${job}"}` },
    { kind: 'record', run: round < 25 ? { ...run, state: 'succeeded' } : run },
    { kind: 'job-state', state },
  ];
}

/** A state file that was closed, and one left behind with its log of changes, as after kill -9. */
async function makeStates(): Promise<{ closed: string; left: string }> {
  const closed = freshPath();
  const left = freshPath();
  const backend = await openSqliteBackend({ path: closed, clock });
  await fill(backend);
  copyFileSync(closed, left);
  copyFileSync(`${closed}-wal`, `${left}-wal`);
  await backend.close();
  return { closed, left };
}

const states = await makeStates();

async function refusal(path: string): Promise<JobsdError> {
  try {
    await (await openSqliteBackend({ path, clock })).close();
  } catch (error) {
    if (error instanceof JobsdError) return error;
    throw error;
  }
  throw new Error(`${path} was opened.`);
}

test.each<[string, (path: string) => void]>([
  ['a text file', (path) => writeFileSync(path, 'jobs: {}\n'.repeat(1000))],
  ['an empty file', (path) => writeFileSync(path, '')],
  [
    'a file cut in the middle',
    (path) => writeFileSync(path, readFileSync(states.closed).subarray(0, 20_000)),
  ],
  [
    'a file cut within its first page',
    (path) => writeFileSync(path, readFileSync(states.closed).subarray(0, 1000)),
  ],
  [
    'an unknown file format',
    (path) => writeFileSync(path, withBytes(states.closed, 47, Buffer.from([99]))),
  ],
  ['zeroes', (path) => writeFileSync(path, Buffer.alloc(8192))],
  [
    'a page of noise inside',
    (path) => writeFileSync(path, withBytes(states.closed, 8192, Buffer.alloc(4096, 0xa5))),
  ],
  ['a database of another program', (path) => new DatabaseSync(path).exec('CREATE TABLE t (a)')],
])('%s is reported with a way out and left as it is', async (_, make) => {
  const path = freshPath();
  make(path);
  const before = readFileSync(path);
  const error = await refusal(path);
  expect(error.code).toBe('JOBSD_BACKEND_CORRUPT');
  expect(error.message).toContain(path);
  expect(error.message).toMatch(/left as it is.*move it away.*\.recover/);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect((await refusal(path)).code).toBe('JOBSD_BACKEND_CORRUPT');
});

test('damage in the log of changes is found although SQLite would pass over it', async () => {
  for (const at of [5, 20, 40, 32 + 24 + 100, 32 + 8]) {
    const path = freshPath();
    copyFileSync(states.left, path);
    const log = readFileSync(`${states.left}-wal`);
    log[at] = (log[at] ?? 0) ^ 0x10;
    writeFileSync(`${path}-wal`, log);
    expect((await refusal(path)).code).toBe('JOBSD_BACKEND_CORRUPT');
    expect(readFileSync(`${path}-wal`).equals(log)).toBe(true);
    expect(readFileSync(path).equals(readFileSync(states.left))).toBe(true);
  }
});

test('a log torn in its last transaction opens with all that was acknowledged before', async () => {
  const path = freshPath();
  copyFileSync(states.left, path);
  const log = readFileSync(`${states.left}-wal`);
  writeFileSync(`${path}-wal`, log.subarray(0, log.length - 2000));
  const backend = await openSqliteBackend({ path, clock });
  expect(await backend.unfinishedRuns()).toHaveLength(16);
  await backend.close();
});

/** What is executed with these contents, or undefined when they are refused as damaged. */
function executedWith(content: Buffer, log?: Buffer): string | undefined {
  const path = freshPath();
  writeFileSync(path, content);
  if (log !== undefined) writeFileSync(`${path}-wal`, log);
  try {
    const store = openStore(path);
    try {
      return whatIsExecuted(store);
    } finally {
      store.close();
    }
  } catch (error) {
    expect(storeFailure(error, path).code).toMatch(/CORRUPT|TOO_NEW/);
    return undefined;
  }
}

test('a byte changed anywhere is noticed or changes nothing that is executed', () => {
  const content = readFileSync(states.closed);
  const expected = executedWith(content);
  const place = fc.integer({ min: 0, max: content.length - 1 });
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, bits) => {
      expect([undefined, expected]).toContain(executedWith(flipped(content, at, bits)));
    }),
    { numRuns: isFull ? 150 : 60 },
  );
});

test('a byte changed in the log of changes is noticed, or costs the last transaction at most', () => {
  const content = readFileSync(states.left);
  const log = readFileSync(`${states.left}-wal`);
  const allowed = [undefined, executedWith(content, log)];
  allowed.push(executedWith(content, log.subarray(0, log.length - 100)));
  const place = fc.integer({ min: 0, max: log.length - 1 });
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, bits) => {
      expect(allowed).toContain(executedWith(content, flipped(log, at, bits)));
    }),
    { numRuns: isFull ? 100 : 40 },
  );
});

test.each<[string, (path: string) => void]>([
  ['removed', (path) => rmSync(path)],
  ['replaced', (path) => cpSync(states.closed, path)],
])('a file that is %s while it is in use takes nothing more', async (_, change) => {
  const path = freshPath();
  const backend = await openSqliteBackend({ path, clock });
  await backend.commit([{ kind: 'record', run: aRun('a', 0) }]);
  renameSync(path, `${path}.moved`);
  writeFileSync(path, '');
  change(path);
  await expect(backend.commit([{ kind: 'record', run: aRun('a', 1) }])).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_CORRUPT',
    message: expect.stringContaining(`${path}: It was removed or replaced`),
  });
  await backend.close();
});

test('a file of a newer jobsd is refused and left as it is', async () => {
  const path = freshPath();
  copyFileSync(states.closed, path);
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const error = await refusal(path);
  expect(error.code).toBe('JOBSD_BACKEND_TOO_NEW');
  expect(error.message).toContain('version 99');
  await expect(openSqliteReader({ path, clock })).rejects.toMatchObject({ code: error.code });
});

test('a folder where the file should be is refused', async () => {
  expect(await refusal(folder)).toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
    message: expect.stringContaining('is a directory'),
  });
});

test('a file where a folder should be is refused', async () => {
  expect(await refusal(join(states.closed, 'x.db'))).toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
    message: expect.stringContaining(states.closed),
  });
});

test('reading a state file that is not there says so and makes none', async () => {
  const path = freshPath();
  await expect(openSqliteReader({ path, clock })).rejects.toMatchObject({
    code: 'JOBSD_BACKEND_MISSING',
  });
  expect(existsSync(path)).toBe(false);
});

// Root may write everywhere, so the one who tries is another user.
test('a folder without permission is refused with its path', () => {
  const closedFolder = join(folder, 'forbidden');
  mkdirSync(closedFolder);
  chmodSync(folder, 0o755);
  chmodSync(closedFolder, 0o555);
  const child = fileURLToPath(new URL('./opening-child.ts', import.meta.url));
  const path = join(closedFolder, 'state.db');
  const { stdout, stderr } = spawnSync(process.execPath, [child, path], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    code: 'JOBSD_BACKEND_UNWRITABLE',
    message: expect.stringContaining(path),
  });
});

test('one process opens a state file once, under whatever name', async () => {
  const path = freshPath();
  const link = join(folder, 'link.db');
  const folderLink = join(folder, 'folder-link');
  const backend = await openSqliteBackend({ path, clock });
  symlinkSync(path, link);
  symlinkSync(folder, folderLink);
  const names = [
    path,
    link,
    relative(process.cwd(), path),
    join(folderLink, basename(path)),
    `${folder}/./${basename(path)}`,
  ];
  for (const name of names) {
    expect(await refusal(name)).toMatchObject({
      code: 'JOBSD_BACKEND_LOCKED',
      message: expect.stringContaining(`Process ${process.pid} `),
    });
  }
  await backend.commit([{ kind: 'record', run: aRun('a', 0) }]);
  await backend.close();
  const again = await openSqliteBackend({ path: link, clock });
  expect(await again.unfinishedRuns()).toHaveLength(1);
  await again.close();
});

function withBytes(path: string, at: number, bytes: Buffer): Buffer {
  const content = readFileSync(path);
  bytes.copy(content, at);
  return content;
}

function flipped(content: Buffer, at: number, bits: number): Buffer {
  const changed = Buffer.from(content);
  changed[at] = (changed[at] ?? 0) ^ bits;
  return changed;
}
