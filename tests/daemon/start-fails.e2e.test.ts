import { expect, test } from 'vitest';
import { runJobsd } from '../support/jobsd-process.ts';
import { aProject, configuration } from '../support/project.ts';

test('a daemon that cannot open its control door says so and ends, hosts and all', async () => {
  const project = aProject({
    'jobs.d/a.yaml': configuration(
      'jobs:\n  one: { type: interval, every: 1h, service: jobsd.ping }\n',
    ),
  });
  project.write('.jobsd/control.sock', 'not a socket');
  const { code, stderr } = await runJobsd(project.root, ['start']);
  expect(code).toBe(3);
  expect(stderr).toContain('control.sock is in the way and is not a socket');
});
