import { durationText } from '../schedule/duration-text.ts';
import { gapPolicyOf, overlapPolicyOf } from '../schedule/fire-effect.ts';
import type { CronFields, CronSchedule } from '../schedule/schedule.ts';
import { type Candidate, type Origin, type OriginLocator, originLocator } from './locate-origin.ts';
import type { ParsedFile } from './parsed-file.ts';
import type { JobDefinition, JsonValue } from './snapshot.ts';

/** One value that a job runs with. */
export interface EffectiveValue {
  /** Path in the job's map: `retry.attempts`. */
  readonly key: string;
  readonly value: JsonValue;
  readonly origin: Origin;
}

/**
 * Everything a job runs with, in the order of the documentation, each with where it is from. Keys
 * that are neither written nor have a default are left out. `files` are those of the snapshot.
 */
export function effectiveDefinition(
  job: JobDefinition,
  files: readonly ParsedFile[],
): readonly EffectiveValue[] {
  const locator = originLocator(files, job);
  return [
    ...scheduleValues(job, locator),
    ...serviceValues(job, locator),
    ...executionValues(job, locator),
    ...written(locator, ['description', 'owner', 'labels', 'group', 'on', 'renamedFrom']),
  ];
}

const own = (...path: readonly string[]): Candidate => ({ kind: 'job', path });
const fallback = (...path: readonly string[]): Candidate => ({ kind: 'defaults', path });

/** As they stand in the file: the sentence above says what they come to. */
function written(
  { originOf, declaredAt }: OriginLocator,
  keys: readonly string[],
): readonly EffectiveValue[] {
  return keys.flatMap((key) => {
    const value = declaredAt(own(key));
    return value === undefined
      ? []
      : [{ key, value: value as JsonValue, origin: originOf(own(key)) }];
  });
}

function scheduleValues(job: JobDefinition, locator: OriginLocator): readonly EffectiveValue[] {
  const { schedule, jitterMs } = job;
  const keys = ['type', 'cron', 'every', 'at', 'start', 'until', 'repeats'];
  if (schedule.type === 'manual') return written(locator, keys);
  return [
    ...written(locator, keys),
    {
      key: 'timezone',
      value: schedule.timezone,
      origin: locator.originOf(own('timezone'), fallback('timezone')),
    },
    ...(schedule.type === 'cron' ? dstValues(schedule, locator) : []),
    { key: 'jitter', value: durationText(0, jitterMs), origin: locator.originOf(own('jitter')) },
    ...written(locator, ['only', 'except', 'shift']),
  ];
}

function dstValues(schedule: CronSchedule, { originOf }: OriginLocator): readonly EffectiveValue[] {
  const each = (policyOf: (cron: CronFields) => string) =>
    [...new Set(schedule.crons.map(policyOf))].join(' | ');
  return [
    {
      key: 'dst.gap',
      value: each((cron) => gapPolicyOf(schedule, cron)),
      origin: originOf(own('dst', 'gap')),
    },
    {
      key: 'dst.overlap',
      value: each((cron) => overlapPolicyOf(schedule, cron)),
      origin: originOf(own('dst', 'overlap')),
    },
  ];
}

function serviceValues(
  { service, extra, enabled }: JobDefinition,
  { originOf, declaredAt }: OriginLocator,
): readonly EffectiveValue[] {
  const module: Candidate = { kind: 'service', path: ['module'] };
  const path = declaredAt(module);
  return [
    { key: 'service', value: service, origin: originOf(own('service')) },
    ...(typeof path === 'string'
      ? [{ key: 'service module', value: path, origin: originOf(module) }]
      : []),
    { key: 'extra', value: extra, origin: originOf(own('extra')) },
    { key: 'enabled', value: enabled, origin: originOf(own('enabled')) },
  ];
}

function executionValues(job: JobDefinition, locator: OriginLocator): readonly EffectiveValue[] {
  const { originOf } = locator;
  const either = (...path: readonly string[]) => originOf(own(...path), fallback(...path));
  const { retry } = job;
  return [
    {
      key: 'timeout',
      value: durationText(0, job.timeoutMs),
      origin: originOf(own('timeout'), { kind: 'service', path: ['timeout'] }, fallback('timeout')),
    },
    { key: 'grace', value: durationText(0, job.graceMs), origin: either('grace') },
    { key: 'retry.attempts', value: retry.attempts, origin: either('retry', 'attempts') },
    { key: 'retry.delay', value: durationText(0, retry.delayMs), origin: either('retry', 'delay') },
    { key: 'retry.backoff', value: retry.backoff, origin: either('retry', 'backoff') },
    {
      key: 'retry.maxDelay',
      value: durationText(0, retry.maxDelayMs),
      origin: either('retry', 'maxDelay'),
    },
    { key: 'retry.onLost', value: retry.onLost, origin: either('retry', 'onLost') },
    { key: 'overlap', value: job.overlap, origin: either('overlap') },
    ...(job.schedule.type === 'manual' ? [] : catchUpValues(job, locator)),
    { key: 'priority', value: job.priority, origin: originOf(own('priority')) },
  ];
}

/** The whole policy is the job's or that of `defaults`; what it leaves open is a default. */
function catchUpValues(
  { catchUp }: JobDefinition,
  { originOf, declaredAt }: OriginLocator,
): readonly EffectiveValue[] {
  const policy = declaredAt(own('catchUp')) === undefined ? fallback : own;
  const isText = typeof declaredAt(policy('catchUp')) === 'string';
  const windowMs = catchUp.windowMs;
  return [
    {
      key: 'catchUp.mode',
      value: catchUp.mode,
      origin: originOf(isText ? policy('catchUp') : policy('catchUp', 'mode')),
    },
    {
      key: 'catchUp.window',
      value: windowMs === undefined ? 'the longer of 1d and one period' : durationText(0, windowMs),
      origin: originOf(policy('catchUp', 'window')),
    },
    {
      key: 'catchUp.limit',
      value: catchUp.limit,
      origin: originOf(policy('catchUp', 'limit')),
    },
  ];
}
