import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import type { GroupDefinition } from '../../src/config/snapshot.ts';
import { aJob, aSnapshot, type HarnessOptions, startHarness } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const second = 1000;
const minute = 60 * second;
const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
const rated = (count: number, perMs: number): { groups: Map<string, GroupDefinition> } => ({
  groups: new Map([['g', { name: 'g', place, rate: { count, perMs } }]]),
});
const jobs = [aJob({ schedule: { type: 'manual' }, group: 'g' })];
const asked = { trigger: 'manual' } as const;

/** The engine on a state file, which ends without a word and starts again. */
async function aLife(path: string, clock: VirtualClock, snapshot = rated(3, minute)) {
  const backend = await openSqliteBackend({ path, clock });
  const harness = await startHarness({ now: '', jobs, clock, backend, snapshot });
  await harness.engine.journal.idle();
  return {
    ...harness,
    async end() {
      harness.kill();
      await backend.close();
    },
  };
}

/** Lets time pass as a store on disk needs it: its answers come from another thread. */
async function pass(life: Awaited<ReturnType<typeof aLife>>, ms: number): Promise<void> {
  await life.clock.advance(ms);
  await life.engine.journal.idle();
}

function aStateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobsd-rate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state.db');
}

test('a restart lets no group start more than its rate allows', async () => {
  const path = aStateFile();
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const first = await aLife(path, clock);
  for (let run = 0; run < 5; run++) await first.engine.runJob('job', asked);
  expect(first.executor.started).toHaveLength(3);
  await pass(first, 10 * second);
  await first.end();
  const later = await aLife(path, clock);
  await pass(later, 40 * second);
  expect(later.executor.started).toHaveLength(0);
  await pass(later, 10 * second);
  expect(later.executor.started).toHaveLength(2);
  await later.end();
});

test('what has left the window does not count after a restart', async () => {
  const path = aStateFile();
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const first = await aLife(path, clock);
  for (let run = 0; run < 2; run++) await first.engine.runJob('job', asked);
  await pass(first, 50 * second);
  await first.engine.runJob('job', asked);
  await first.end();
  await clock.advance(20 * second);
  const later = await aLife(path, clock);
  for (let run = 0; run < 3; run++) await later.engine.runJob('job', asked);
  expect(later.executor.started).toHaveLength(2);
  await later.end();
});

test('a group that has no rate any more leaves nothing behind', async () => {
  const path = aStateFile();
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const first = await aLife(path, clock);
  await first.engine.runJob('job', asked);
  const kept = async (life: typeof first) =>
    (await life.backend.jobStates()).filter(({ job }) => job.startsWith('rate:'));
  expect(await kept(first)).toMatchObject([{ occurrences: 1 }]);
  await first.end();
  const later = await aLife(path, clock, { groups: new Map() });
  expect(await kept(later)).toEqual([]);
  await later.end();
});

test('a rate that is edited counts what started under the old one', async () => {
  const { engine, executor, clock } = await startHarness({
    now: '2030-01-01T00:00:00Z',
    jobs,
    snapshot: rated(3, minute),
  });
  for (let run = 0; run < 8; run++) await engine.runJob('job', asked);
  engine.use({ ...aSnapshot(jobs), ...rated(4, minute) });
  await clock.advance(0);
  expect(executor.started).toHaveLength(4);
  await clock.advance(minute);
  expect(executor.started).toHaveLength(8);
});

test('in no window more starts than the rate allows, whenever it is restarted', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask'), count: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant('pass'), count: fc.integer({ min: 1, max: 90_000 }) }),
    fc.record({ kind: fc.constant('restart'), count: fc.constant(0) }),
  );
  const rates = fc.record({
    count: fc.integer({ min: 1, max: 5 }),
    perMs: fc.integer({ min: 1, max: 2 * minute }),
  });
  const property = fc.asyncProperty(
    rates,
    fc.array(step, { maxLength: 25 }),
    async ({ count, perMs }, steps) => {
      const clock = new VirtualClock('2030-01-01T00:00:00Z');
      const startedAt: number[] = [];
      const begin = (more: Partial<HarnessOptions> = {}) =>
        startHarness({
          now: '',
          jobs,
          clock,
          snapshot: rated(count, perMs),
          prepare(executor) {
            const start = executor.start.bind(executor);
            executor.start = (request) => {
              startedAt.push(clock.now());
              return start(request);
            };
          },
          ...more,
        });
      let life = await begin();
      for (const { kind, count: amount } of steps) {
        if (kind === 'pass') await clock.advance(amount);
        else if (kind === 'ask') {
          for (let n = 0; n < amount; n++) await life.engine.runJob('job', asked);
        } else {
          life.kill();
          life = await begin({ backend: life.backend });
        }
      }
      for (const [index, at] of startedAt.entries()) {
        const earlier = startedAt[index - count];
        if (earlier !== undefined) expect(at - earlier).toBeGreaterThanOrEqual(perMs);
      }
    },
  );
  await fc.assert(property, { numRuns: 60 });
});
