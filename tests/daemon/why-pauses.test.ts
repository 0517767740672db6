import { expect, test } from 'vitest';
import { whyOf } from '../../src/daemon/daemon-control.ts';
import { PauseControl } from '../../src/daemon/pause-control.ts';
import { describeEvent } from '../../src/telemetry/describe-event.ts';
import type { DaemonEvent } from '../../src/telemetry/events.ts';
import { aJob, aSnapshot, startHarness } from '../support/daemon-harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };

/** An hourly job of the group `night`, at 00:30. */
async function anHourlyJob() {
  const job = aJob({ schedule: { type: 'cron', cron: '0 * * * *' }, group: 'night' });
  const harness = await startHarness({ now: '2030-01-01T00:30:00Z', jobs: [job] });
  harness.engine.use({
    ...aSnapshot([job]),
    groups: new Map([['night', { name: 'night', place }]]),
  });
  const pauses = new PauseControl(harness.engine, harness.scheduler, harness.clock);
  const tell = async (time: string) => {
    const { verdict, because } = await whyOf(harness, job, `2030-01-01T${time}:00Z`);
    return [`${time} ${verdict}`, ...because.map((sentence) => `  ${sentence}`)].join('\n');
  };
  return { ...harness, pauses, tell };
}

test('why names the pauses that held a time, who laid them and what for, before and after it', async () => {
  const { clock, pauses, tell, records } = await anHourlyJob();
  await pauses.pause('group:night', { actor: 'cli:ops', reason: 'database move' });
  await clock.advance(2 * hour);
  await pauses.pause('all', { actor: 'api', until: '2030-01-01T05:30:00Z' });
  await pauses.pause('job:job', {});
  const screen = [await tell('04:00')];
  await clock.advance(hour);
  await pauses.resume('group:night');
  await pauses.resume('job:job');
  screen.push(await tell('05:00'), await tell('06:00'));
  await clock.advance(3 * hour);
  for (const time of ['01:00', '02:00', '03:00', '04:00', '05:00', '06:00']) {
    screen.push(await tell(time));
  }
  await expect(`${screen.join('\n')}\n`).toMatchFileSnapshot('../golden/screens/why-paused.txt');
  expect((await records()).map((run) => [run.state, run.count ?? 1])).toEqual([
    ['skipped', 2],
    ['skipped', 1],
    ['skipped', 2],
    ['succeeded', 1],
  ]);
});

test('the reason of a pause becomes one line of a record, however it was written', async () => {
  const { clock, pauses, records } = await anHourlyJob();
  await pauses.pause('job:job', { reason: `the\n  move ${'x'.repeat(1000)}` });
  await clock.advance(hour);
  const [skipped] = await records();
  expect(skipped?.reason).toMatch(/^paused: job \(the move x{191}…\)$/);
});

test('the pause of a group that is declared no more can be lifted', async () => {
  const { engine, pauses } = await anHourlyJob();
  await pauses.pause('group:night', {});
  engine.use(aSnapshot([]));
  await pauses.resume('group:night');
  expect(pauses.list()).toEqual([]);
  await expect(pauses.resume('group:night')).rejects.toMatchObject({
    code: 'JOBSD_GROUP_NOT_FOUND',
  });
});

test('the log has who laid a pause and who lifted it', async () => {
  const harness = await anHourlyJob();
  const { engine, scheduler, clock } = harness;
  const told: DaemonEvent[] = [];
  const pauses = new PauseControl(engine, scheduler, clock, { emit: (event) => told.push(event) });
  await pauses.pause('group:night', { actor: 'cli:ops', reason: 'database move', until: '2h' });
  await pauses.resume('group:night', { actor: 'cli:eve' });
  await expect(pauses.pause('job:nobody', {})).rejects.toThrow();
  expect(told.map(describeEvent)).toEqual([
    'group:night is paused by cli:ops until 2030-01-01T02:30:00.000Z: database move',
    'group:night goes on by cli:eve',
  ]);
});
