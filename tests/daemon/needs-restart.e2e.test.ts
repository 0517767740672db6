import { expect, test } from 'vitest';
import { startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration } from '../support/project.ts';

test('a reload that moves the state file is refused, and the old ledger stays in force', async () => {
  const heartbeat = 'jobs:\n  beat: { type: interval, every: 1s, service: jobsd.ping }\n';
  const project = aProject({ 'jobs.d/a.yaml': configuration(heartbeat) });
  const daemon = await startDaemon(project);
  project.write('jobs.d/a.yaml', configuration(heartbeat, 'state: elsewhere/state.db'));
  await daemon.until('reload-refused');
  const status = await daemon.control.status();
  expect(status.statePath).toContain('.jobsd/state.db');
  expect(status.lastReload.ok).toBe(false);
  await daemon.stop();
});
