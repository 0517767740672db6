import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock/clock.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { Alarm } from '../../src/daemon/alarm.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const start = '2026-11-21T00:00:00Z';

/** What an alarm asks its clock for until it goes off. */
async function delaysUntil(aheadMs: number) {
  const clock = new VirtualClock(start);
  const delays: number[] = [];
  const noting: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after(delayMs, callback) {
      delays.push(delayMs);
      return clock.after(delayMs, callback);
    },
  };
  const at = clock.now() + aheadMs;
  const wokenAt: number[] = [];
  const alarm = new Alarm(noting, () => {
    wokenAt.push(clock.now() - at);
    if (clock.now() < at) alarm.set(at);
  });
  alarm.set(at);
  await clock.advance(aheadMs + 1000);
  return { delays, wokenAt };
}

test('after a long sleep the last two milliseconds are passed awake', async () => {
  const { delays, wokenAt } = await delaysUntil(1000);
  expect(delays.slice(0, 2)).toEqual([980, 18]);
  expect(delays.length).toBeGreaterThan(3);
  expect(new Set(delays.slice(2))).toEqual(new Set([0.5]));
  expect(wokenAt).toEqual([0]);
});

test('so they are when the last of several slices ends just before', async () => {
  const { delays, wokenAt } = await delaysUntil(60_015);
  expect(delays.slice(0, 3)).toEqual([30_000, 30_000, 13]);
  expect(delays[3]).toBe(0.5);
  expect(wokenAt).toEqual([-30_015, -15, 0]);
});

test('a short sleep is one timer, or two: many in a second must not keep the processor busy', async () => {
  expect(await delaysUntil(10)).toEqual({ delays: [10], wokenAt: [0] });
  expect(await delaysUntil(100)).toEqual({ delays: [80, 20], wokenAt: [0] });
});

test('what is over is told at once, and nothing to wait for still gives a look at each slice', async () => {
  expect(await delaysUntil(-5)).toMatchObject({ delays: [0], wokenAt: [5] });
  const clock = new VirtualClock(start);
  const looks: number[] = [];
  const alarm = new Alarm(clock, () => {
    looks.push(clock.monotonic());
    alarm.set(undefined);
  });
  alarm.set(undefined);
  await clock.advance(90_000);
  expect(looks).toEqual([30_000, 60_000, 90_000]);
});

test('on the real clock it is never early', async () => {
  const at = Date.now() + 300;
  const lateMs = await new Promise<number>((resolve) => {
    const alarm = new Alarm(systemClock, () => resolve(Date.now() - at));
    alarm.set(at);
  });
  expect(lateMs).toBeGreaterThanOrEqual(0);
});
