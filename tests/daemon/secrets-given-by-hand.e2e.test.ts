import { expect, test } from 'vitest';
import { startDaemon } from '../support/daemon-process.ts';
import { runJobsd } from '../support/jobsd-process.ts';
import { aProject, configuration } from '../support/project.ts';

test('a secret given by hand is in no answer, no log and, at the end, not in the state file', async () => {
  const project = aProject({
    'jobs.d/a.yaml': configuration(`endpoints:
  API: { type: rest, url: "http://127.0.0.1:9", headers: { x-key: "\${env:API_KEY}" } }
jobs:
  echo: { type: manual, service: jobsd.echo }
`),
  });
  const variables = { API_KEY: 'hunter2-of-the-vendor' };
  const daemon = await startDaemon(project, { variables });
  const extra = '{"key":"hunter2-of-the-vendor"}';
  const shown = [await runJobsd(project.root, ['run', 'echo', '--extra', extra])];
  shown.push(await runJobsd(project.root, ['invoke', 'jobsd.echo', '--payload', extra]));
  shown.push(await runJobsd(project.root, ['runs', '--format', 'json']));
  const { stdout: log } = await daemon.stop();
  shown.push(await runJobsd(project.root, ['runs', '--format', 'json']));
  shown.push(
    await runJobsd(project.root, ['run', 'echo', '--extra', extra, '--format', 'json'], {
      variables,
    }),
  );
  expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  const all = [log, ...shown.map(({ stdout, stderr }) => stdout + stderr)].join('\n');
  expect(all).toContain('[secret]');
  expect(all).not.toContain('hunter2');
});
