import { expect, test } from 'vitest';
import type { Backend, Change } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import type { JobDefinition } from '../../src/config/snapshot.ts';
import { aJob, type JobSpec, startHarness, type TestExecutor } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const hourly = (more: Partial<JobSpec> = {}) =>
  aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, ...more });
const endless = (executor: TestExecutor) => {
  executor.runsForMs = undefined;
};

const retry = {
  attempts: 3,
  delayMs: 0,
  backoff: 'constant',
  maxDelayMs: minute,
  onLost: true,
} as const;

/** The ledger to a life whose commits reach the disk; it is told so only while it is not deaf. */
function untoldFrom(backend: Backend) {
  const ear = { isDeaf: false };
  const store: Backend = Object.create(backend, {
    commit: {
      value: async (changes: readonly Change[]) => {
        const result = await backend.commit(changes);
        return ear.isDeaf ? new Promise<never>(() => {}) : result;
      },
    },
  });
  return Object.assign(ear, { store });
}

/**
 * A life that begins at 08:30, after the clock had shown 14:30: what the jobs produce until then may
 * be on record already. From `advanceAndKill` on it is never told what is on the disk.
 */
async function startInRepeatedTime(jobs: readonly JobDefinition[]) {
  const clock = new VirtualClock('2030-01-01T08:30:00Z');
  const backend = openMemoryBackend({ clock });
  const ear = untoldFrom(backend);
  const { store } = ear;
  const life = await startHarness({ now: '', jobs: [], clock, backend: store, prepare: endless });
  for (const byMs of [6 * hour, -6 * hour]) {
    clock.jump(byMs);
    life.scheduler.tick();
  }
  await life.reload(jobs);
  return {
    ...life,
    async advanceAndKill(ms: number) {
      ear.isDeaf = true;
      await clock.advance(ms);
      life.kill();
      return startHarness({ now: '', jobs, clock, backend, prepare: endless });
    },
  };
}

test('a missed stretch in time that comes again is followed by its reaction after a crash too', async () => {
  const on = { missed: { service: 'alarm' } };
  const jobs = [hourly({ catchUp: { mode: 'none', limit: 0 }, on })];
  const first = await startInRepeatedTime(jobs);
  first.clock.jump(3 * hour);
  const second = await first.advanceAndKill(minute);
  const records = await second.records();
  expect(records.map((run) => [run.id, run.state, run.reason, run.count])).toEqual([
    ['job@20300101T090000Z', 'missed', 'outage', 3],
    ['alarm@missed-of-job@20300101T090000Z', 'running', undefined, undefined],
  ]);
});

test.each([
  ['allow', 'running', undefined],
  ['skip', 'skipped', 'overlap'],
  ['queue', 'waiting', undefined],
  ['queue-latest', 'waiting', undefined],
  ['replace', 'running', undefined],
] as const)(
  'what was not judged yet at a crash is judged after it, where runs overlap by %s',
  async (overlap, state, reason) => {
    const first = await startInRepeatedTime([hourly({ overlap, retry })]);
    const { id } = await first.engine.runJob('job', { trigger: 'manual' });
    const second = await first.advanceAndKill(31 * minute);
    await second.clock.advance(0);
    const run = await second.engine.run('job@20300101T090000Z');
    expect([run.state, run.reason]).toEqual([state, reason]);
    const other = await second.engine.run(id);
    expect(other.state).toBe(overlap === 'replace' ? 'cancelled' : 'running');
  },
);

test('what is missed beyond the times that came again is not lost in a crash, two lives later', async () => {
  const jobs = [hourly({ catchUp: { mode: 'none', limit: 0 } })];
  const first = await startHarness({ now: '2030-01-01T08:30:00Z', jobs, prepare: endless });
  for (const byMs of [6 * hour, -6 * hour]) {
    first.clock.jump(byMs);
    first.scheduler.tick();
  }
  await first.clock.advance(minute);
  first.kill();
  const { clock, backend } = first;
  clock.jump(9 * hour);
  const deaf = untoldFrom(backend);
  deaf.isDeaf = true;
  const second = await startHarness({ now: '', jobs, clock, backend: deaf.store });
  await clock.advance(minute);
  second.kill();
  const { records } = await startHarness({ now: '', jobs, clock, backend, prepare: endless });
  expect((await records()).map((run) => [run.id, run.state, run.count])).toEqual([
    ['job@20300101T090000Z', 'missed', 6],
    ['job@20300101T150000Z', 'missed', 3],
  ]);
});
