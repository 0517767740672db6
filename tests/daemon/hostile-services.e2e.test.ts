import { expect, test } from 'vitest';
import { startDaemon } from '../support/daemon-process.ts';
import { aProject } from '../support/project.ts';

const service = (body: string) => `
  import { Service } from 'jobsd';
  export default class Hostile extends Service {
    override async handle() {
      ${body}
    }
  }`;

const hostile: Readonly<Record<string, string>> = {
  loop: 'for (;;);',
  exit: 'process.exit(0);',
  memory: 'const all = []; for (;;) all.push(Buffer.alloc(64 * 1024 * 1024, 1));',
  rejection:
    "Promise.reject(new Error('nobody waits for this')); await new Promise((r) => setTimeout(r, 50));",
  'late-throw': "setTimeout(() => { throw new Error('after the end'); }, 20); return 'ended';",
};

test('a service that loops, exits, or takes all memory ends alone; other jobs fire meanwhile', async () => {
  const names = Object.keys(hostile);
  const project = aProject({
    ...Object.fromEntries(
      names.map((name) => [`services/${name}.ts`, service(hostile[name] ?? '')]),
    ),
    'services/calm.ts': service("return 'calm';"),
    'jobs.d/a.yaml': `version: 1
daemon: { hosts: { count: 2, memory: 256MB } }
services:
  calm: { module: services/calm.ts }
${names.map((name) => `  ${name}: { module: services/${name}.ts }`).join('\n')}
jobs:
  beat-inline: { type: interval, every: 500ms, service: jobsd.ping }
  beat-in-host: { type: interval, every: 500ms, service: calm }
${names.map((name) => `  ${name}: { type: manual, service: ${name}, timeout: ${name === 'loop' ? '3s' : '1m'}, grace: 500ms, retry: { onLost: false } }`).join('\n')}
`,
  });
  const daemon = await startDaemon(project);
  const started = await Promise.all(names.map((name) => daemon.control.runJob(name, {})));
  const ended = await Promise.all(started.map(({ id }) => daemon.control.waitForEnd(id, 50_000)));
  const ends = Object.fromEntries(ended.map((run) => [run.job, run]));
  expect(ends.loop).toMatchObject({ state: 'timed-out' });
  expect(ends.exit).toMatchObject({ state: 'failed' });
  expect(ends.rejection).toMatchObject({
    state: 'failed',
    error: { message: expect.stringContaining('nobody waits') },
  });
  expect(ends['late-throw']).toMatchObject({ state: 'succeeded', result: '"ended"' });
  expect(ends.memory?.state).toMatch(/^(failed|lost)$/);

  // In order rather than in time: what was due well before the loop was ended began before that.
  const { startedAt: begin = 0, endedAt: end = 0 } = ends.loop ?? {};
  expect(end - begin).toBeGreaterThanOrEqual(3000);
  for (const job of ['beat-inline', 'beat-in-host']) {
    const { runs } = await daemon.control.runs({ job, limit: 1000 });
    const due = runs.filter(({ plannedAt }) => plannedAt > begin && plannedAt < end - 1000);
    expect(due.length).toBeGreaterThanOrEqual(3);
    for (const { startedAt = Number.POSITIVE_INFINITY } of due) expect(startedAt).toBeLessThan(end);
    if (job === 'beat-inline')
      expect(new Set(due.map((run) => run.state))).toEqual(new Set(['succeeded']));
  }
  expect((await daemon.control.status()).state).toBe('running');
  expect((await daemon.stop()).code).toBe(0);
});
