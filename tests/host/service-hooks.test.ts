import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobContext } from '../../src/host/executor.ts';
import { aRequest, openTestPool, type TestPool } from './open-test-pool.ts';

const hooks = [
  'accept',
  'beforeJob',
  'beforeOneTimeJob',
  'beforeIntervalJob',
  'beforeCronJob',
  'beforeHandle',
  'validateInput',
  'handle',
  'validateOutput',
  'afterHandle',
  'afterJob',
  'afterOneTimeJob',
  'afterIntervalJob',
  'afterCronJob',
  'onError',
  'finalizeHandle',
];

/** Logs every hook; the one named in the payload throws. `accept` can decline. */
const recording = `import { Service } from 'jobsd';
export default class extends Service {
${hooks
  .map(
    (name) => `  async ${name}(...args: unknown[]) {
    await null;
    this.logger.info('${name}', ...args.filter((arg) => typeof arg === 'string'));
    const told = this.request.payload as { throws?: string[]; declines?: boolean } | undefined;
    if (told?.throws?.includes('${name}')) throw new Error('${name} failed');
    ${name === 'accept' ? 'return told?.declines !== true;' : name === 'handle' ? 'return "output";' : ''}
  }`,
  )
  .join('\n')}
}
`;

let it: TestPool;
beforeAll(async () => {
  it = await openTestPool({ services: { recording }, options: { hosts: 1 } });
});
afterAll(() => it[Symbol.asyncDispose]());

async function hooksOf(told: object, job?: JobContext) {
  const request = aRequest('recording', { payload: JSON.stringify(told), ...(job && { job }) });
  const end = await it.run('recording', request);
  return { end, called: it.logged(request.id).map((line) => line.replace('info: ', '')) };
}

const without = [
  'accept',
  'beforeHandle',
  'validateInput',
  'handle',
  'validateOutput output',
  'afterHandle',
];

test('without a job, no job hook is called', async () => {
  const { end, called } = await hooksOf({});
  expect(called).toEqual([...without, 'finalizeHandle']);
  expect(end.result).toBe('"output"');
});

test.each([
  ['one-time', 'OneTimeJob'],
  ['interval', 'IntervalJob'],
  ['cron', 'CronJob'],
] as const)('for a job of type %s its own hooks are called, in order', async (type, suffix) => {
  const { called } = await hooksOf({}, { name: 'j', type, attempt: 1, runNumber: 1 });
  expect(called).toEqual([
    'accept',
    'beforeJob',
    `before${suffix}`,
    ...without.slice(1),
    'afterJob',
    `after${suffix}`,
    'finalizeHandle',
  ]);
});

test('a manual job has only the general job hooks', async () => {
  const { called } = await hooksOf({}, { name: 'j', type: 'manual', attempt: 1, runNumber: 1 });
  expect(called).toEqual([
    'accept',
    'beforeJob',
    ...without.slice(1),
    'afterJob',
    'finalizeHandle',
  ]);
});

test('an error ends the order, tells onError and still finalizes', async () => {
  const { end, called } = await hooksOf({ throws: ['validateInput'] });
  expect(called).toEqual(['accept', 'beforeHandle', 'validateInput', 'onError', 'finalizeHandle']);
  expect(end).toMatchObject({ outcome: 'failed', error: { message: 'validateInput failed' } });
});

test('an error in onError or finalizeHandle does not hide the first one', async () => {
  const { end, called } = await hooksOf({ throws: ['handle', 'onError', 'finalizeHandle'] });
  expect(end.error?.message).toBe('handle failed');
  expect(called).toContain('warn: onError() failed itself: onError failed');
});

test('an error in finalizeHandle alone fails the run', async () => {
  const { end } = await hooksOf({ throws: ['finalizeHandle'] });
  expect(end).toMatchObject({ outcome: 'failed', error: { message: 'finalizeHandle failed' } });
});

test('a service that declines ends as cancelled and only finalizes', async () => {
  const { end, called } = await hooksOf({ declines: true });
  expect(called).toEqual(['accept', 'finalizeHandle']);
  expect(end).toMatchObject({ outcome: 'cancelled', retry: { never: true } });
});
