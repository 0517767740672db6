import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JobState } from '../../src/backend/backend.ts';
import { openSqliteReader } from '../../src/backend/sqlite/open-sqlite-reader.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { launchDaemon, startDaemon } from '../support/daemon-process.ts';
import { isFull } from '../support/is-full.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

const everyMs: Readonly<Record<string, number>> = {
  'in-host': 1000,
  'caught-up': 500,
  'one-at-a-time': 700,
  inline: 900,
};

// Written outside of the ledger, with O_APPEND: what really began.
const service = `
  import { appendFileSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { Service } from 'jobsd';
  export default class Append extends Service {
    override async handle() {
      const { name, attempt } = this.job ?? {};
      appendFileSync('begun.jsonl', JSON.stringify({ run: this.run.id, name, attempt }) + '\\n');
      await setTimeout(this.request.payload as number);
    }
  }`;

function aFiringProject(): Project {
  return aProject({
    'services/append.ts': service,
    'jobs.d/a.yaml': configuration(`
services:
  append: { module: services/append.ts }
jobs:
  in-host: { type: interval, every: 1s, service: append, extra: 400 }
  caught-up: { type: interval, every: 500ms, service: append, extra: 5, catchUp: all }
  one-at-a-time: { type: interval, every: 700ms, service: append, extra: 900, overlap: skip }
  inline: { type: interval, every: 900ms, service: jobsd.ping }
`),
  });
}

/** The same numbers for the same seed (mulberry32, public domain). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function readLedger(project: Project) {
  const path = project.path('.jobsd/state.db');
  const reader = await openSqliteReader({ path, clock: systemClock });
  try {
    const runs: RunRecord[] = [];
    let after: string | undefined;
    do {
      const page = await reader.runs({ limit: 1000, ...(after === undefined ? {} : { after }) });
      runs.push(...page.runs);
      after = page.next;
    } while (after !== undefined);
    const states = await reader.jobStates();
    // Names of jobs hold no colon: other entries are no jobs.
    return { runs, states: states.filter(({ job }) => !job.includes(':')) };
  } finally {
    await reader.close();
  }
}

/** The nominal times that a job's records account for; a stretch stands for several. */
function accountedFor(runs: readonly RunRecord[], { job }: JobState): number[] {
  return runs
    .filter((run) => run.job === job && run.nominalAt !== undefined)
    .flatMap((run) => {
      const first = run.nominalAt ?? 0;
      return Array.from({ length: run.count ?? 1 }, (_, k) => first + k * (everyMs[job] ?? 0));
    })
    .sort((a, b) => a - b);
}

/** By the interval's own arithmetic: all after the anchor, up to the cursor. */
function produced({ job, anchorAt, cursorAt }: JobState): number[] {
  const every = everyMs[job] ?? Number.NaN;
  const count = Math.floor((cursorAt - anchorAt) / every);
  return Array.from({ length: count }, (_, k) => anchorAt + (k + 1) * every);
}

interface Begun {
  readonly run: string;
  readonly name: string;
  readonly attempt: number;
}

function readBegun(project: Project): Begun[] {
  const text = readFileSync(project.path('begun.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Begun);
}

const lives = isFull ? 10 : 4;

test('killed again and again in the middle of runs, no occurrence is missing and none is there twice', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`kill -9, SEED=${seed}`);
  const random = randomFrom(seed);
  const project = aFiringProject();
  const startedAt: number[] = [];
  for (let life = 0; life < lives; life += 1) {
    const daemon = launchDaemon(project);
    startedAt.push(Date.now());
    // Anything it tells may be the last: also what it tells while it starts.
    const events = 2 + Math.floor(random() * 14);
    // Once it says that it has started, its first day is on record.
    if (life === 0) await daemon.until('daemon-started');
    else for (let count = 0; count < events; count += 1) await daemon.untilAny();
    await daemon.kill();
  }
  const last = await startDaemon(project);
  for (const name of Object.keys(everyMs)) {
    await last.until('run-started', ({ job, trigger }) => job === name && trigger === 'schedule');
  }
  expect((await last.stop()).code).toBe(0);

  const { runs, states } = await readLedger(project);
  expect(states.map(({ job }) => job).sort()).toEqual(Object.keys(everyMs).sort());
  for (const state of states) {
    expect({ job: state.job, nominal: accountedFor(runs, state) }).toEqual({
      job: state.job,
      nominal: produced(state),
    });
    // It goes on from its first day: the kills have not moved its origin.
    expect(state.anchorAt).toBeLessThan(startedAt[1] ?? 0);
    expect(state.cursorAt).toBeGreaterThan(startedAt.at(-1) ?? 0);
  }
  const unfinished = ['waiting', 'running', 'retrying'];
  expect(runs.filter(({ state }) => unfinished.includes(state))).toEqual([]);

  const begun = readBegun(project);
  const attempts = begun.map(({ run, attempt }) => `${run} attempt ${attempt}`);
  expect(attempts.length).toBe(new Set(attempts).size);
  const known = new Map(runs.map((run) => [run.id, run]));
  for (const { run, attempt } of begun) {
    expect(known.get(run)?.attempt ?? 0).toBeGreaterThanOrEqual(attempt);
  }
  const succeeded = runs.filter((run) => run.state === 'succeeded' && run.service === 'append');
  expect(succeeded.length).toBeGreaterThan(0);
  for (const { id, attempt } of succeeded) expect(attempts).toContain(`${id} attempt ${attempt}`);
}, 120_000);
