import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Change } from '../../src/backend/backend.ts';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { openSqliteReader } from '../../src/backend/sqlite/open-sqlite-reader.ts';
import { openStore } from '../../src/backend/sqlite/open-store.ts';
import type { Store } from '../../src/backend/sqlite/store.ts';
import { storeFailure } from '../../src/backend/sqlite/store-failure.ts';
import { systemClock as clock } from '../../src/clock/system-clock.ts';
import { JobsdError } from '../../src/errors.ts';
import { toRunView } from '../../src/http/run-view.ts';
import { isFull } from '../support/is-full.ts';
import { Random } from '../support/random.ts';
import { aRun } from './a-run.ts';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();
const pageBytes = 4096;
const flipsPerPage = Number(process.env.JOBSD_FLIPS ?? (isFull ? 8 : 3));
const seed = Number(process.env.JOBSD_FLIP_SEED ?? Math.floor(Math.random() * 2 ** 32));

const error = { name: 'Error', message: 'no', code: 'E' };
const jobs = ['sync', 'report', 'clean'];

function changesOf(round: number): Change[] {
  return jobs.flatMap((job, index): Change[] => {
    const origin = { place: 'jobs.yaml:3', number: round + 1 };
    const common = { definition: `d${index}`, payload: '{"a":1}', ...origin };
    const ended = { state: 'succeeded', endedAt: 1_800_000_000_000, result: '"ok"' } as const;
    const failed = { ...ended, state: 'failed', error, attempt: 2 } as const;
    const skipped = { state: 'skipped', reason: 'paused', count: 4, attempt: 0 } as const;
    const ends = [ended, failed, skipped, { state: 'running' } as const];
    const run = aRun(job, round, { ...common, ...ends[(round + index) % ends.length] });
    const numbers = { anchorAt: 1, cursorAt: run.plannedAt, occurrences: round };
    const paused = index === 0 ? { paused: { at: 1, actor: 'me' } } : {};
    return [
      { kind: 'definition', key: `d${index}`, json: `{"overlap":"${job}"}` },
      { kind: 'record', run },
      { kind: 'log', id: run.id, lines: [{ at: 1, level: 'info', text: `line ${round}` }] },
      { kind: 'job-state', state: { job, scheduleKey: `every|${index}`, ...numbers, ...paused } },
    ];
  });
}

const whole = join(folder, 'whole.db');
const backend = await openSqliteBackend({ path: whole, clock });
for (let round = 0; round < 12; round += 1) await backend.commit(changesOf(round));
const left = join(folder, 'left.db');
copyFileSync(whole, left);
copyFileSync(`${whole}-wal`, `${left}-wal`);
await backend.close();

/** What a daemon acts upon after a start. */
const executed = (store: Store) =>
  JSON.stringify({
    states: store.jobStates(),
    unfinished: store.unfinishedRuns(),
    definitions: jobs.map((_, index) => store.definition(`d${index}`)),
  });

/** What a daemon would act upon, or the code with which it refuses. */
function started(path: string): string {
  try {
    const store = openStore(path);
    try {
      return executed(store);
    } finally {
      store.close();
    }
  } catch (caught) {
    return storeFailure(caught, path).code;
  }
}

/** Shows everything there is, as `runs`, `logs` and `jobs` do; an uncoded failure is thrown. */
async function shown(path: string): Promise<string> {
  try {
    const reader = await openSqliteReader({ path, clock });
    try {
      const { runs } = await reader.runs({ limit: 1000 });
      const logs = await Promise.all(runs.map((run) => reader.logs(run.id)));
      const lines = logs.flat().map((line) => new Date(line.at).toISOString() + line.text);
      const latest = (await reader.latestRuns()).map(toRunView);
      return JSON.stringify([runs.map(toRunView), lines, latest, await reader.jobStates()]);
    } finally {
      await reader.close();
    }
  } catch (caught) {
    if (caught instanceof JobsdError) return caught.code;
    throw caught;
  }
}

const codes = ['JOBSD_BACKEND_CORRUPT', 'JOBSD_BACKEND_TOO_NEW'];

test(`a byte flipped in any page is refused with a code or changes nothing that is executed (seed ${seed})`, async () => {
  const content = readFileSync(whole);
  const expected = started(whole);
  const random = new Random(seed);
  const path = join(folder, 'flipped.db');
  for (let page = 0; page < content.length / pageBytes; page += 1) {
    for (let flip = 0; flip < flipsPerPage; flip += 1) {
      const at = page * pageBytes + random.between(0, pageBytes - 1);
      const flipped = Buffer.from(content);
      flipped[at] = (flipped[at] ?? 0) ^ random.between(1, 255);
      writeFileSync(path, flipped);
      const where = `byte ${at}: ${content[at]} to ${flipped[at]}`;
      await expect(shown(path), where).resolves.toBeTypeOf('string');
      expect([...codes, expected], where).toContain(started(path));
    }
  }
}, 120_000);

test(`a log of changes torn at any byte opens with what came before, or is refused (seed ${seed})`, () => {
  const content = readFileSync(left);
  const log = readFileSync(`${left}-wal`);
  const random = new Random(seed);
  const path = join(folder, 'torn.db');
  for (let cut = 0; cut < 40; cut += 1) {
    writeFileSync(path, content);
    const bytes = random.between(0, log.length);
    writeFileSync(`${path}-wal`, log.subarray(0, bytes));
    const unfinished = started(path);
    expect(unfinished, `cut at ${bytes}`).toMatch(/^JOBSD_BACKEND_CORRUPT$|^\{"states"/);
  }
});
