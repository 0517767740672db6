import { expect, test } from 'vitest';
import { why } from '../../src/daemon/why.ts';
import { aCalendar } from '../support/a-calendar.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';

const day = 86_400_000;
const calendars = {
  only: [],
  except: [aCalendar({ name: 'weekend', weekdays: new Set([0, 6]) })],
  timezone: 'UTC',
};

async function asked(shift: 'next' | undefined) {
  const schedule = { type: 'cron', cron: '0 9 * * SAT' } as const;
  const rule = shift === undefined ? calendars : { ...calendars, shift };
  const job = aJob({ schedule, calendars: rule });
  // 2030-01-05 is a Saturday.
  const harness = await startHarness({ now: '2030-01-04T00:00:00Z', jobs: [job] });
  return async (at: string) => {
    const progress = harness.scheduler.job(job.name)?.progress;
    return {
      ...(await why({
        job,
        at: Date.parse(at),
        now: harness.clock.now(),
        backend: harness.backend,
        ...(progress === undefined ? {} : { progress }),
      })),
      advance: () => harness.clock.advance(3 * day),
    };
  };
}

test('a time that calendars exclude will be skipped, and was, for the same reason', async () => {
  const ask = await asked(undefined);
  const before = await ask('2030-01-05T09:00:00Z');
  const because = ['Its calendars exclude it: calendar weekend (Saturday).'];
  expect(before).toMatchObject({ verdict: 'will-be-skipped', because });
  await before.advance();
  expect(await ask('2030-01-05T09:00:00Z')).toMatchObject({ verdict: 'skipped', because });
});

test('a time that is moved says where to, and where it goes says where from', async () => {
  const ask = await asked('next');
  expect(await ask('2030-01-05T09:00:00Z')).toMatchObject({
    verdict: 'will-be-skipped',
    because: [
      'Its calendars exclude it: calendar weekend (Saturday).',
      'It moves to 2030-01-07T09:00:00.000Z.',
    ],
    next: '2030-01-07T09:00:00.000Z',
  });
  const target = await ask('2030-01-07T09:00:00Z');
  expect(target).toMatchObject({
    verdict: 'will-run',
    because: ['It was moved here from 2030-01-05T09:00:00.000Z: calendar weekend (Saturday).'],
    previous: '2030-01-05T09:00:00.000Z',
  });
  await target.advance();
  await target.advance();
  expect(await ask('2030-01-07T09:00:00Z')).toMatchObject({ verdict: 'ran' });
});
