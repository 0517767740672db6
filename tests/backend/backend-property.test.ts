import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backend, Change } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import type { RunRecord, RunState, Trigger } from '../../src/dispatch/run.ts';
import { isFull } from '../support/is-full.ts';
import { aRun, noon } from './a-run.ts';
import { ManualClock } from './manual-clock.ts';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();
let files = 0;

const states: readonly RunState[] = [
  'waiting',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'lost',
  'skipped',
  'missed',
];
const triggers: readonly Trigger[] = ['schedule', 'catch-up', 'manual', 'api', 'backfill'];
const jobs = ['a', 'b', 'ops/Größe', 'x y'];

const jobName = fc.constantFrom(...jobs);
const text = fc.string({ unit: 'binary', maxLength: 12 });
const instant = fc.integer({ min: noon - 1e9, max: noon + 1e9 });
const minutes = fc.integer({ min: 0, max: 12 });
const runId = fc.tuple(jobName, minutes).map(([job, minute]) => aRun(job, minute).id);
const runError = fc.record(
  { name: text, message: text, code: text },
  { requiredKeys: ['name', 'message'] },
);

const optionalFields = {
  actor: text,
  reason: text,
  startedAt: instant,
  endedAt: instant,
  retryAt: instant,
  host: text,
  definition: fc.constantFrom('d1', 'd2'),
  payload: text,
  result: text,
  error: runError,
  count: fc.nat(),
  lastNominalAt: instant,
  number: fc.integer({ min: 1 }),
};
const alwaysFields = {
  state: fc.constantFrom(...states),
  attempt: fc.nat(3),
  trigger: fc.constantFrom(...triggers),
  plannedAt: instant,
  service: fc.constantFrom('s1', 's2'),
};

const record: fc.Arbitrary<Change> = fc
  .tuple(
    jobName,
    minutes,
    fc.boolean(),
    fc.record(
      { ...alwaysFields, ...optionalFields },
      { requiredKeys: ['state', 'attempt', 'trigger', 'plannedAt', 'service'] },
    ),
  )
  .map(([job, minute, isInvoked, fields]) => {
    const run: RunRecord = { ...aRun(job, minute), ...fields };
    const { job: _, ...lonely } = run;
    return { kind: 'record', run: isInvoked ? lonely : run };
  });

const cleared = Object.fromEntries(
  Object.entries(optionalFields).map(([field, values]) => [
    field,
    fc.option(values as fc.Arbitrary<unknown>, { nil: undefined }),
  ]),
);
const update: fc.Arbitrary<Change> = fc
  .tuple(
    runId,
    fc.option(fc.nat(3), { nil: undefined }),
    fc.record({ ...alwaysFields, ...cleared }, { requiredKeys: [] }),
  )
  .map(([id, ifAttempt, fields]) => ({
    kind: 'update',
    id,
    ...(ifAttempt === undefined ? {} : { ifAttempt }),
    fields: fields as Partial<RunRecord>,
  }));

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: record },
  { weight: 6, arbitrary: update },
  {
    weight: 2,
    arbitrary: fc
      .record({
        job: jobName,
        scheduleKey: text,
        anchorAt: instant,
        cursorAt: instant,
        occurrences: fc.nat(),
      })
      .map((state) => ({ kind: 'job-state', state }) as const),
  },
  { weight: 1, arbitrary: jobName.map((job) => ({ kind: 'forget-job', job }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(jobName, jobName)
      .map(([from, to]) => ({ kind: 'rename-job', from, to }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('d1', 'd2')
      .map((key) => ({ kind: 'definition', key, json: `{"key":"${key}"}` }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        runId,
        fc.array(fc.record({ at: instant, level: fc.constantFrom('info', 'error'), text })),
      )
      .map(([id, lines]) => ({ kind: 'log', id, lines }) as const),
  },
);

type Action =
  | { readonly kind: 'commit'; readonly calls: readonly (readonly Change[])[] }
  | {
      readonly kind: 'prune';
      readonly before: number;
      readonly keep: number;
      readonly limit: number;
    }
  | { readonly kind: 'reopen' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(fc.array(change, { maxLength: 12 }), { minLength: 1, maxLength: 4 })
      .map((calls) => ({ kind: 'commit', calls }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('prune' as const),
      before: instant,
      keep: fc.nat(4),
      limit: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' } as const) },
);

test('whatever is committed, memory and SQLite read alike, also after reopening', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
      files += 1;
      const path = join(folder, `${files}.db`);
      const clock = new ManualClock();
      const memory = openMemoryBackend({ clock });
      let sqlite = await openSqliteBackend({ path, clock });
      try {
        for (const each of actions) {
          if (each.kind === 'reopen') {
            await sqlite.close();
            sqlite = await openSqliteBackend({ path, clock });
          } else {
            expect(await perform(sqlite, each)).toStrictEqual(await perform(memory, each));
          }
          expect(await everything(sqlite)).toStrictEqual(await everything(memory));
        }
      } finally {
        await sqlite.close();
      }
    }),
    {
      numRuns: isFull ? 20 : 5,
      // A counterexample is made smaller by trying on, which can take minutes: it is told before.
      interruptAfterTimeLimit: 90_000,
      markInterruptAsFailure: true,
    },
  );
});

async function perform(
  backend: Backend,
  action: Exclude<Action, { kind: 'reopen' }>,
): Promise<unknown> {
  if (action.kind === 'commit')
    return Promise.all(action.calls.map((calls) => backend.commit(calls)));
  return backend.prune(action);
}

async function everything(backend: Backend): Promise<unknown> {
  const { runs } = await backend.runs({ limit: 1000 });
  const filters = [...jobs, undefined].flatMap((job) =>
    [['running'], ['failed', 'missed', 'waiting'], states].map((wanted) => ({
      limit: 3,
      ...(job === undefined ? {} : { job }),
      states: wanted as RunState[],
    })),
  );
  const pages = await Promise.all(filters.map((query) => backend.runs(query)));
  return {
    runs,
    pages: pages.map((page) => ({ ids: page.runs.map(({ id }) => id), more: 'next' in page })),
    unfinished: await backend.unfinishedRuns(),
    latest: (await backend.latestRuns()).map(({ id }) => id).sort(),
    states: (await backend.jobStates()).toSorted((a, b) => (a.job < b.job ? -1 : 1)),
    logs: await Promise.all(runs.map(({ id }) => backend.logs(id))),
    byId: await Promise.all(runs.map(({ id }) => backend.run(id))),
  };
}
