import type { Place } from '../config/finding.ts';
import type { JobDefinition } from '../config/snapshot.ts';

/**
 * The part of a job that a run keeps for its whole life, whatever is edited meanwhile. Plain JSON:
 * the ledger stores it under a content key, so that a waiting run survives a restart as it was made.
 */
export type RunDefinition = Pick<
  JobDefinition,
  'name' | 'service' | 'timeoutMs' | 'graceMs' | 'retry' | 'overlap' | 'group' | 'priority' | 'on'
> & {
  readonly type: JobDefinition['schedule']['type'];
  /** `jobs.d/reports.yaml:14`: where the job was declared. */
  readonly place: string;
};

/**
 * What the ledger keeps of a definition: the policies, which most jobs share, so that a thousand jobs
 * are a few rows. The rest stands in each record.
 */
export type StoredDefinition = Omit<RunDefinition, 'name' | 'service' | 'place'>;

export function storedDefinition(definition: RunDefinition): StoredDefinition {
  const { name: _, service: __, place: ___, ...stored } = definition;
  return stored;
}

export function runDefinition(job: JobDefinition): RunDefinition {
  const { name, service, timeoutMs, graceMs, retry, overlap, group, priority, on } = job;
  return {
    name,
    service,
    timeoutMs,
    graceMs,
    retry,
    overlap,
    ...(group === undefined ? {} : { group }),
    priority,
    on,
    type: job.schedule.type,
    place: placeText(job.place),
  };
}

/** As records keep it. */
export const placeText = ({ file, line }: Place) => `${file}:${line}`;
