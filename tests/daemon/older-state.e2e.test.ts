import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration, repositoryRoot } from '../support/project.ts';

const fixtures = join(repositoryRoot, 'tests/fixtures/state');
const files = readdirSync(fixtures).filter((file) => file.endsWith('.db'));

test.each(files)(
  'a daemon starts on %s of an older jobsd, and ends the runs it left',
  async (file) => {
    const project = aProject({
      'services/sync.ts': `
      import { Service } from 'jobsd';
      export default class Sync extends Service { override async handle() { return 'done'; } }`,
      'jobs.d/a.yaml': configuration(`
services: { ops.sync: { module: services/sync.ts } }
jobs:
  reports/nightly: { type: cron, cron: "0 0 1 1 *", service: ops.sync }
  heartbeat: { type: interval, every: 1s, service: jobsd.ping }
`),
    });
    mkdirSync(project.path('.jobsd'));
    copyFileSync(join(fixtures, file), project.path('.jobsd/state.db'));
    const daemon = await startDaemon(project);
    await daemon.until('run-ended', ({ job }) => job === 'heartbeat');
    const { runs } = await daemon.control.runs({
      job: 'reports/nightly',
      states: ['waiting', 'running', 'retrying'],
      limit: 10,
    });
    for (const { id } of runs) await daemon.control.waitForEnd(id, 20_000);
    const ended = await daemon.control.runs({ job: 'reports/nightly', limit: 10 });
    expect(ended.runs.map(({ state }) => state)).toEqual([
      'timed-out',
      'failed',
      'succeeded',
      'succeeded',
      'lost',
      'succeeded',
    ]);
    expect((await daemon.stop()).code).toBe(0);
  },
);
