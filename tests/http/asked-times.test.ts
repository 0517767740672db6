import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Control } from '../../src/daemon/control.ts';
import { type DaemonControlOptions, daemonControl } from '../../src/daemon/daemon-control.ts';
import { connectControl } from '../../src/http/control-client.ts';
import { type ControlServer, openControlServer } from '../../src/http/control-server.ts';
import { aJob, startHarness } from '../support/daemon-harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'jobsd-door-'));
const socketPath = join(folder, 'control.sock');
const door: Control = connectControl(socketPath);
let server: ControlServer;

beforeAll(async () => {
  const daily = aJob({ schedule: { type: 'cron', cron: '0 9 * * *', timezone: 'Europe/Athens' } });
  const harness = await startHarness({ now: '2030-01-03T12:00:00Z', jobs: [daily] });
  const options = { ...harness, random: Math.random } as unknown as DaemonControlOptions;
  server = await openControlServer({ socketPath, control: daemonControl(options) });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const day = '2030-01-02';
const questions: Record<string, (text: string) => Promise<unknown>> = {
  until: (until) => door.pause('all', { until }),
  from: (from) => door.planBackfill('job', { from, to: day }),
  to: (to) => door.planBackfill('job', { from: day, to }),
  nominal: (nominal) => door.backfill('job', { nominal }),
  at: (at) => door.why('job', at),
};

const notTimes = [
  'tomorrow',
  '12/11/26',
  '2030',
  '2030-13-01',
  '2030-02-30',
  '2030-01-01T24:00:00Z',
  '+275760-09-13T00:00:00Z',
  '0001-01-01',
  'Jan 1 2030',
  '1893456000000',
  '2030-01-01T00:00:00+99:00',
  '',
];

test.each(Object.keys(questions))(
  '"%s" refuses what is no ISO time, and says so',
  async (field) => {
    for (const text of notTimes) {
      const refused = questions[field]?.(text);
      await expect(refused, text).rejects.toMatchObject({
        code: 'JOBSD_INPUT_INVALID',
        message: expect.stringContaining(` ${field}: `),
      });
    }
  },
);

test('a time without an offset is local to the zone of the job, as on the command line', async () => {
  expect(await door.why('job', '2030-01-05 09:00')).toMatchObject({
    at: '2030-01-05T07:00:00.000Z',
    verdict: 'will-run',
  });
  const range = { from: '2030-01-02 09:00', to: '2030-01-02T10:00:00+02:00' };
  expect(await door.planBackfill('job', range)).toMatchObject([
    { nominal: '2030-01-02T07:00:00.000Z', plan: 'run' },
  ]);
});

test('a pause ends at a time in UTC, or after a while', async () => {
  expect((await door.pause('all', { until: '2031-01-01' })).until).toBe('2031-01-01T00:00:00.000Z');
  expect((await door.pause('all', { until: '2h' })).until).toBe('2030-01-03T14:00:00.000Z');
  await expect(door.pause('all', { until: '0s' })).rejects.toMatchObject({
    code: 'JOBSD_INPUT_INVALID',
  });
});
