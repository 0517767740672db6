import { expect, test } from 'vitest';
import { decideRetry, extraAttemptsWhenLost } from '../../src/dispatch/decide-retry.ts';

const policy = {
  attempts: 3,
  delayMs: 10_000,
  backoff: 'exponential',
  maxDelayMs: 60_000,
  onLost: true,
} as const;
const once = { ...policy, attempts: 1 };

test.each(['succeeded', 'cancelled'] as const)('a run that %s is never tried again', (outcome) => {
  expect(decideRetry(policy, { outcome, attempt: 1 }, 0.5)).toEqual({ kind: 'end' });
});

test.each(['failed', 'timed-out', 'lost'] as const)(
  'a run that %s is tried again while attempts remain',
  (outcome) => {
    expect(decideRetry(policy, { outcome, attempt: 2 }, 0.5).kind).toBe('retry');
  },
);

test('the last attempt ends a failed run', () => {
  expect(decideRetry(policy, { outcome: 'failed', attempt: 3 }, 0.5)).toEqual({ kind: 'end' });
});

test('a lost run is tried again even without attempts left, but not for ever', () => {
  const kinds = [1, 2, 3, 4].map(
    (attempt) => decideRetry(once, { outcome: 'lost', attempt }, 0).kind,
  );
  expect(kinds).toEqual(['retry', 'retry', 'end', 'end']);
  expect(extraAttemptsWhenLost).toBe(2);
});

test('a lost run ends with its attempts when onLost is off', () => {
  const strict = { ...once, onLost: false };
  expect(decideRetry(strict, { outcome: 'lost', attempt: 1 }, 0)).toEqual({ kind: 'end' });
});

test('a service that says no retry can help is believed', () => {
  const end = { outcome: 'failed', attempt: 1, never: true } as const;
  expect(decideRetry(policy, end, 0.5)).toEqual({ kind: 'end' });
});

test('exponential delays double up to maxDelay and are spread over their whole range', () => {
  const delays = [1, 2, 3, 4, 5].map((attempt) =>
    decideRetry({ ...policy, attempts: 9 }, { outcome: 'failed', attempt }, 0.5),
  );
  expect(delays).toEqual(
    [5_000, 10_000, 20_000, 30_000, 30_000].map((delayMs) => ({ kind: 'retry', delayMs })),
  );
  expect(decideRetry(policy, { outcome: 'failed', attempt: 1 }, 0)).toEqual({
    kind: 'retry',
    delayMs: 0,
  });
});

test('a constant delay stays what it is', () => {
  const constant = { ...policy, backoff: 'constant' } as const;
  const end = { outcome: 'failed', attempt: 2 } as const;
  expect(decideRetry(constant, end, 0.1)).toEqual({ kind: 'retry', delayMs: 10_000 });
});

test('Retry-After is honoured up to maxDelay', () => {
  const end = (afterMs: number) => ({ outcome: 'failed', attempt: 1, afterMs }) as const;
  expect(decideRetry(policy, end(2_500), 0.5)).toEqual({ kind: 'retry', delayMs: 2_500 });
  expect(decideRetry(policy, end(3_600_000), 0.5)).toEqual({ kind: 'retry', delayMs: 60_000 });
  expect(decideRetry(policy, end(-5), 0.5)).toEqual({ kind: 'retry', delayMs: 0 });
});
