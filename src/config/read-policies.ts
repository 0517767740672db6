import type { Static } from 'typebox';
import type { ValuePath } from './problem.ts';
import { type DurationReader, durationReader } from './read-duration.ts';
import type { catchUp, retry } from './schema/policies.ts';
import type { CatchUpPolicy, RetryPolicy } from './snapshot.ts';

type RetryDeclaration = Static<typeof retry>;
type CatchUpDeclaration = Static<typeof catchUp>;

const defaultDelayMs = 10_000;
const defaultMaxDelayMs = 600_000;

/** A job's own keys win one by one over those of `defaults.retry`. */
export function readRetry(
  path: ValuePath,
  declared: RetryDeclaration = {},
  defaults: RetryDeclaration = {},
  durations: DurationReader,
): RetryPolicy {
  // Problems of `defaults` are told once, where it is checked itself.
  const ofDefaults = durationReader('');
  const delayMs =
    durations.optional([...path, 'delay'], declared.delay) ??
    ofDefaults.optional([], defaults.delay) ??
    defaultDelayMs;
  const maxDelayMs =
    durations.optional([...path, 'maxDelay'], declared.maxDelay) ??
    ofDefaults.optional([], defaults.maxDelay) ??
    Math.max(defaultMaxDelayMs, delayMs);
  return {
    attempts: declared.attempts ?? defaults.attempts ?? 1,
    delayMs,
    backoff: declared.backoff ?? defaults.backoff ?? 'exponential',
    maxDelayMs,
    onLost: declared.onLost ?? defaults.onLost ?? true,
  };
}

const defaultLimit = 100;

/** The whole policy is the job's or the default one: a mode and another's window do not mix. */
export function readCatchUp(
  path: ValuePath,
  declared: CatchUpDeclaration | undefined,
  defaults: CatchUpDeclaration | undefined,
  durations: DurationReader,
): CatchUpPolicy {
  const isOwn = declared !== undefined;
  const policy = declared ?? defaults ?? 'latest';
  if (typeof policy === 'string') return { mode: policy, limit: defaultLimit };
  const reader = isOwn ? durations : durationReader('');
  const windowMs = reader.positive([...path, 'window'], policy.window);
  return {
    mode: policy.mode ?? 'latest',
    ...(windowMs === undefined ? {} : { windowMs }),
    limit: policy.limit ?? defaultLimit,
  };
}
