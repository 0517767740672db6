import { expect, test } from 'vitest';
import type { Backend, Change } from '../../src/backend/backend.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
/** A ledger on a disk that takes its time: while a definition is read, timers go off. */
function slowReader(
  backend: Backend,
  clock: VirtualClock,
  onChange: (change: Change) => void,
): Backend {
  return new Proxy(backend, {
    get(target, name: keyof Backend) {
      if (name === 'definition') {
        return async (key: string) => {
          await clock.advance(1);
          return target.definition(key);
        };
      }
      if (name === 'commit') {
        return (changes: readonly Change[]) => {
          for (const change of changes) onChange(change);
          return target.commit(changes);
        };
      }
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const retry = {
  attempts: 3,
  delayMs: 10_000,
  backoff: 'constant',
  maxDelayMs: minute,
  onLost: true,
} as const;

test('queue-latest keeps only the newest of what is caught up in one step', async () => {
  const jobs = [
    aJob({
      schedule: { type: 'cron', cron: '* * * * *' },
      overlap: 'queue-latest',
      catchUp: { mode: 'all', limit: 100 },
    }),
  ];
  const first = await startHarness({ now: '2030-01-01T00:00:30Z', jobs });
  first.kill();
  await first.clock.advance(5 * minute);
  const second = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: first.backend,
    prepare: (executor) => {
      executor.runsForMs = 30_000;
    },
  });
  await first.clock.advance(0);
  expect((await second.records()).map(({ state }) => state)).toEqual([
    'running',
    'skipped',
    'skipped',
    'skipped',
    'waiting',
  ]);
});

test('a retry that is due at once waits until all who were under way are back in their places', async () => {
  const jobs = ['a', 'b'].map((name) =>
    aJob({ name, schedule: { type: 'cron', cron: '* * * * *' }, retry }),
  );
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.runsForMs = undefined;
    },
  });
  await first.clock.advance(minute);
  first.kill();
  const states: string[] = [];
  const slowly = slowReader(first.backend, first.clock, (change) => {
    if (change.kind === 'update') states.push(`${change.id[0]} ${change.fields.state}`);
  });
  const second = await startHarness({
    now: '',
    jobs,
    clock: first.clock,
    backend: slowly,
  });
  await first.clock.advance(1000);
  expect(second.executor.started.map(({ attempt }) => attempt)).toEqual([2, 2]);
  expect(states.slice(0, 4)).toEqual(['a retrying', 'b retrying', 'a running', 'b running']);
});

test('a retry planned by a clock that was days ahead comes after its delay, not after days', async () => {
  const jobs = [aJob({ schedule: { type: 'one-time', at: '2030-01-01T00:01:00Z' }, retry })];
  const first = await startHarness({
    now: '2030-01-01T00:00:30Z',
    jobs,
    prepare: (executor) => {
      executor.outcome = 'failed';
    },
  });
  await first.clock.advance(31_000);
  first.kill();
  first.clock.jump(-3 * 24 * 60 * minute);
  const second = await startHarness({ now: '', jobs, clock: first.clock, backend: first.backend });
  await first.clock.advance(minute);
  expect(second.executor.started).toMatchObject([{ attempt: 2 }]);
});
