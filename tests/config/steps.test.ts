import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import { diffInSteps, diffSnapshots } from '../../src/config/diff-snapshots.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { atOnce, withRests } from '../../src/config/steps.ts';

const project = (timeout: string) => ({
  files: Array.from({ length: 20 }, (_, file) => ({
    path: `${file}.yaml`,
    bytes: Buffer.from(
      `version: 1\njobs:\n${Array.from(
        { length: 10 },
        (_, job) =>
          `  job-${file}-${job}: { type: interval, every: 1h, timeout: ${timeout}, service: jobsd.ping }\n`,
      ).join('')}`,
    ),
  })),
  unreadable: [],
  moduleFacts: () => 'ok' as const,
});

const built = async (timeout: string, rest?: () => Promise<void> | undefined) => {
  const result = await buildSnapshot({ ...project(timeout), ...(rest && { rest }) });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.snapshot;
};

const plain = ({ revision, jobs }: Snapshot) => ({ revision, jobs: [...jobs] });

test('others have their turn again and again, and what comes of it is the same', async () => {
  let rests = 0;
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  const sliced = await built('1m', () => {
    rests += 1;
    return rests % 50 === 0 ? new Promise((resolve) => setTimeout(resolve, 1)) : undefined;
  });
  clearInterval(timer);
  // Some five looks at each of two hundred jobs.
  expect(rests).toBeGreaterThan(800);
  expect(turns).toBeGreaterThan(10);
  expect(plain(sliced)).toEqual(plain(await built('1m')));
});

test('a comparison in portions gives what one in one go does', async () => {
  const [before, after] = [await built('1m'), await built('2m')];
  let rests = 0;
  const rest = () => {
    rests += 1;
    return undefined;
  };
  const diff = await withRests(diffInSteps(before, after), rest);
  expect(rests).toBe(200);
  expect(diff.jobs.changed).toHaveLength(200);
  expect(diff).toEqual(diffSnapshots(before, after));
});

test('without rests there is no waiting, and a failure comes through', async () => {
  function* failing() {
    yield;
    throw new Error('in the middle');
  }
  expect(() => atOnce(failing())).toThrow('in the middle');
  await expect(withRests(failing(), () => undefined)).rejects.toThrow('in the middle');
});
