import { expect, test } from 'vitest';
import type { BackfillStep } from '../../src/daemon/control.ts';
import { aJobView, aRun, createMemoryControl } from '../http/memory-control.ts';
import { aSyncProject, openDoorFor, run, runJson } from './cli-fixture.ts';

const id = aRun().id;

async function aDaemon() {
  const control = createMemoryControl();
  const root = aSyncProject();
  await openDoorFor(root, control);
  return { control, root };
}

test('cancel says who asked and why, and how the run ended', async () => {
  const { control, root } = await aDaemon();
  const { exitCode: code, stdout } = await run(root, ['cancel', id, '--reason', 'wrong input']);
  expect(code).toBe(0);
  expect(stdout).toContain(`${id} cancelled`);
  expect(control.asked).toContainEqual([
    'cancel',
    id,
    { reason: 'wrong input', actor: expect.stringMatching(/^cli:/) },
  ]);
});

test('retry takes several runs', async () => {
  const { root } = await aDaemon();
  const { exitCode: code, stdout } = await run(root, ['retry', id, id]);
  expect(code).toBe(0);
  expect(stdout).toBe(`${id} waiting\n${id} waiting\n`);
});

test('a run that cannot be tried again keeps no other from it, and is told', async () => {
  const { control, root } = await aDaemon();
  const { exitCode, stdout, stderr } = await run(root, ['retry', 'no@run', id, 'nor@this']);
  expect([exitCode, stdout]).toEqual([4, `${id} waiting\n`]);
  expect(stderr.match(/error\[JOBSD_RUN_NOT_FOUND\]/g)).toHaveLength(2);
  expect(control.asked.filter(([name]) => name === 'retry')).toHaveLength(3);
});

test('pause without a name lists what is paused', async () => {
  const { root } = await aDaemon();
  const { stdout } = await run(root, ['pause']);
  expect(stdout).toBe('all is paused until it is resumed\n');
});

test('pause takes a duration as its end', async () => {
  const { control, root } = await aDaemon();
  await run(root, ['pause', '--group', 'etl', '--until', '2h', '--reason', 'audit']);
  const [, target, options] = control.asked.find(([name]) => name === 'pause') ?? [];
  expect(target).toBe('group:etl');
  // The commands' clock stands still at five seconds past the hour.
  expect(options).toMatchObject({
    reason: 'audit',
    until: expect.stringMatching(/^2030-01-01T02:00/),
  });
});

test('a pause of two things at once is refused as wrong usage', async () => {
  const { root } = await aDaemon();
  const { exitCode: code, stderr } = await run(root, ['pause', 'sync-data', '--all']);
  expect(code).toBe(2);
  expect(stderr).toContain('Name one of: a job, --group, --all.');
});

test('resume lifts the pause that is named', async () => {
  const { control, root } = await aDaemon();
  await run(root, ['resume', 'sync-data']);
  expect(control.asked[0]?.slice(0, 2)).toEqual(['resume', 'job:sync-data']);
});

test('resume says when a pause above the job keeps it from going on', async () => {
  const { root } = await aDaemon();
  expect((await run(root, ['resume', 'sync-data'])).stderr).toBe('');
  const held = aSyncProject();
  await openDoorFor(held, createMemoryControl({ jobs: [aJobView({ paused: true })] }));
  const { stderr } = await run(held, ['resume', 'sync-data']);
  expect(stderr).toContain('It stays paused all the same');
});

test('why reads a time of the zone of the job, and shows its sentences', async () => {
  const { root } = await aDaemon();
  const { exitCode: code, stdout } = await run(root, [
    'why',
    'sync-data',
    '--at',
    '2030-01-01 00:00',
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('sync-data at 2030-01-01T00:00:00Z: ran\n  It ended: succeeded.');
});

test('why of an unknown job names the nearest', async () => {
  const { root } = await aDaemon();
  const { exitCode: code, stderr } = await run(root, ['why', 'sync-dta', '--at', '2030-01-01']);
  expect(code).toBe(4);
  expect(stderr).toContain('Did you mean "sync-data"?');
});

test('a dry backfill starts nothing', async () => {
  const { control, root } = await aDaemon();
  const range = ['--from', '2029-01-01', '--to', '2029-01-02'];
  const { stdout, stderr } = await run(root, ['backfill', 'sync-data', ...range, '--dry-run']);
  expect(stdout).toBe('2029-01-01T00:00:00Z  run\n');
  expect(stderr).toBe('1 of 1 would run. Nothing was started.\n');
  expect(control.asked.some(([name]) => name === 'backfill')).toBe(false);
});

/** What a backfill of a plan says beside its result. */
async function backfilled(steps: readonly BackfillStep[], ...options: readonly string[]) {
  const root = aSyncProject();
  await openDoorFor(root, { ...createMemoryControl(), planBackfill: async () => steps });
  const range = ['--from', '2001-01-01', '--to', '2029-01-02'];
  return (await run(root, ['backfill', 'sync-data', ...range, ...options])).stderr;
}

test('a backfill says what it leaves out, and why', async () => {
  const nominal = '2029-01-01T00:00:00.000Z';
  const left = await backfilled([
    { nominal, plan: 'succeeded' },
    { nominal, plan: 'under-way' },
  ]);
  expect(left).toContain('1 left out: succeeded before. --force runs them too.\n');
  expect(left).toContain('1 left out: under way.\n');
});

test('a plan that was cut at its limit is not taken for all', async () => {
  const nominal = '2002-02-20T15:00:00.000Z';
  const steps = Array.from({ length: 10_000 }, () => ({ nominal, plan: 'run' }) as const);
  expect(await backfilled(steps, '--dry-run')).toContain('--from 2002-02-20T15:00:00Z.\n');
  expect(await backfilled(steps.slice(1), '--dry-run')).not.toContain('--from');
});

test('a time that is none is wrong usage, and says how to write one', async () => {
  const { root } = await aDaemon();
  const range = ['--from', 'yesterday', '--to', '2029-01-02'];
  const { exitCode: code, stderr } = await run(root, ['backfill', 'sync-data', ...range]);
  expect(code).toBe(2);
  expect(stderr).toContain('--from: "yesterday" is not a date and time.');
});

test('runs --state dead asks for all that ended without success', async () => {
  const { control, root } = await aDaemon();
  await runJson(root, ['runs', '--state', 'dead']);
  expect(control.asked[0]).toMatchObject([
    'runs',
    { states: ['failed', 'timed-out', 'cancelled', 'lost'] },
  ]);
});
