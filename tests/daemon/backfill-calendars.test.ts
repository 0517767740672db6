import { expect, test } from 'vitest';
import { Backfill } from '../../src/daemon/backfill.ts';
import { aCalendar } from '../support/a-calendar.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';

test('a backfill does what calendars would have let run, moved times included', async () => {
  const weekend = aCalendar({ name: 'weekend', weekdays: new Set([0, 6]) });
  const calendars = { only: [], except: [weekend], shift: 'next', timezone: 'UTC' } as const;
  // 2030-01-05 is a Saturday.
  const job = aJob({ schedule: { type: 'cron', cron: '0 9 * * THU,SAT' }, calendars });
  const { engine, backend, clock } = await startHarness({
    now: '2030-01-20T00:00:00Z',
    jobs: [job],
  });
  const backfill = new Backfill({ engine, backend, clock, anchorOf: () => 0 });
  const range = { from: '2030-01-03T00:00:00Z', to: '2030-01-08T00:00:00Z' };
  expect((await backfill.plan(job, range)).map(({ nominal }) => nominal)).toEqual([
    '2030-01-03T09:00:00.000Z',
    '2030-01-07T09:00:00.000Z',
  ]);
  await expect(backfill.run(job, { nominal: '2030-01-05T09:00:00Z' })).rejects.toMatchObject({
    code: 'JOBSD_INPUT_INVALID',
  });
});
