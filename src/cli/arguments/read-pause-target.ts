import type { PauseName } from '../../daemon/control.ts';
import { JobsdError } from '../../errors.ts';

export interface TargetOptions {
  readonly group?: string;
  readonly all?: boolean;
}

/** What a pause is laid on or lifted from; nothing when nothing is named. */
export function readPauseTarget(
  job: string | undefined,
  { group, all = false }: TargetOptions,
): PauseName | undefined {
  const named = [
    ...(job === undefined ? [] : [`job:${job}`]),
    ...(group === undefined ? [] : [`group:${group}`]),
    ...(all ? ['all'] : []),
  ];
  if (named.length <= 1) return named[0];
  throw new JobsdError('JOBSD_USAGE', 'Name one of: a job, --group, --all.');
}
