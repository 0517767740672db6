import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { startDaemon } from '../support/daemon-process.ts';
import { aProject, configuration, type Project } from '../support/project.ts';

// What each attempt was told; the first of all never ends, so that the others wait behind it.
const service = `
  import { appendFileSync } from 'node:fs';
  import { Service } from 'jobsd';
  export default class Tell extends Service {
    override async handle() {
      const { runNumber } = this.job ?? {};
      const { id, attempt } = this.run;
      appendFileSync('told.jsonl', JSON.stringify({ id, attempt, runNumber }) + '\\n');
      if (runNumber === 1 && attempt === 1) await new Promise(() => setInterval(() => {}, 1000));
      if (attempt === 1) throw new Error('not yet');
    }
  }`;

interface Told {
  readonly id: string;
  readonly attempt: number;
  readonly runNumber: number;
}

function readTold(project: Project): Told[] {
  const lines = readFileSync(project.path('told.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Told);
}

test('a service is told the same number of its run after a kill, and when it is retried by hand', async () => {
  const project = aProject({
    'services/tell.ts': service,
    'jobs.d/a.yaml': configuration(`
services: { tell: { module: services/tell.ts } }
jobs:
  counted: { type: interval, every: 200ms, repeats: 3, service: tell, overlap: queue }
`),
  });
  const first = await startDaemon(project);
  const query = { job: 'counted', limit: 10 };
  const recorded = async () => (await first.control.runs(query)).runs.toReversed();
  await vi.waitFor(
    async () => {
      expect(readTold(project)).toHaveLength(1);
      expect((await recorded()).map(({ state }) => state)).toEqual([
        'running',
        'waiting',
        'waiting',
      ]);
    },
    { timeout: 20_000 },
  );
  const ids = (await recorded()).map(({ id }) => id);
  await first.kill();

  const second = await startDaemon(project);
  for (const id of ids) await second.control.waitForEnd(id, 20_000);
  const ended = await second.control.runs(query);
  expect(ended.runs.map(({ state, attempt }) => [state, attempt])).toEqual([
    ['failed', 1],
    ['failed', 1],
    ['succeeded', 2],
  ]);
  const [, , third = ''] = ids;
  await second.control.retry(third, {});
  await second.control.waitForEnd(third, 20_000);
  expect((await second.control.run(third)).number).toBe(3);
  await second.stop();

  expect(readTold(project)).toEqual([
    { id: ids[0], attempt: 1, runNumber: 1 },
    { id: ids[0], attempt: 2, runNumber: 1 },
    { id: ids[1], attempt: 1, runNumber: 2 },
    { id: third, attempt: 1, runNumber: 3 },
    { id: third, attempt: 2, runNumber: 3 },
  ]);
}, 60_000);
