import { expect, test } from 'vitest';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { Journal } from '../../src/daemon/journal.ts';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { JobsdError } from '../../src/errors.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const aRecord = (id: string, fields: Partial<RunRecord> = {}): RunRecord => ({
  id,
  service: 's',
  trigger: 'manual',
  state: 'waiting',
  attempt: 0,
  plannedAt: 0,
  revision: 'r',
  ...fields,
});

test('an entry that the store refuses is set aside, and what was written with it is kept', async () => {
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const backend = openMemoryBackend({ clock });
  const poisoned: JobsdError[] = [];
  const durable: string[] = [];
  const journal = new Journal({
    backend,
    clock,
    events: {
      troubled: (error) => expect.unreachable(error.message),
      recovered() {},
      poisoned: (error) => poisoned.push(error),
    },
  });
  for (const run of [aRecord('a@1'), aRecord('bad@2', { plannedAt: 0.5 }), aRecord('c@3')]) {
    journal.write([{ kind: 'record', run }], () => durable.push(run.id));
  }
  await journal.idle();
  expect(durable).toEqual(['a@1', 'c@3']);
  expect(poisoned.map(({ code }) => code)).toEqual(['JOBSD_INPUT_INVALID']);
  expect((await backend.runs({ limit: 10 })).runs).toHaveLength(2);
});

test.each([
  ['JOBSD_BACKEND_CORRUPT', new JobsdError('JOBSD_BACKEND_CORRUPT', 'a page')],
  ['JOBSD_INTERNAL', new TypeError('a fault of ours')],
])('what ends in %s is tried once: everything ends, nothing spins', async (code, error) => {
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  let commits = 0;
  const backend = Object.create(openMemoryBackend({ clock }), {
    commit: {
      value: async () => {
        commits += 1;
        throw error;
      },
    },
  });
  const troubles: string[] = [];
  const broken: string[] = [];
  const journal = new Journal({
    backend,
    clock,
    events: {
      troubled: ({ code }) => troubles.push(code),
      broken: ({ code }) => broken.push(code),
      recovered: () => expect.unreachable(),
    },
  });
  journal.write([{ kind: 'record', run: aRecord('a@1') }]);
  await journal.idle();
  journal.write([{ kind: 'record', run: aRecord('b@1') }]);
  await clock.advance(60_000);
  await journal.idle();
  await expect(journal.durableNow()).rejects.toMatchObject({ code });
  expect(commits).toBe(1);
  expect(troubles).toEqual([code]);
  expect(broken).toEqual([code]);
});
