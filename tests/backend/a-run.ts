import type { RunRecord } from '../../src/dispatch/run.ts';
import { occurrenceId } from '../../src/dispatch/run-id.ts';

export const noon = Date.UTC(2026, 10, 20, 12);

/** A record of `job` planned `minutes` after noon, running since then; `fields` change it. */
export function aRun(job: string, minutes: number, fields: Partial<RunRecord> = {}): RunRecord {
  const at = noon + minutes * 60_000;
  return {
    id: occurrenceId(job, at),
    job,
    service: 'ops.sync',
    trigger: 'schedule',
    state: 'running',
    attempt: 1,
    nominalAt: at,
    plannedAt: at,
    startedAt: at,
    revision: 'r1',
    ...fields,
  };
}
