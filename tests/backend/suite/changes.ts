import type { Change } from '../../../src/backend/backend.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';

export function record(run: RunRecord): Change {
  return { kind: 'record', run };
}

export function update(id: string, fields: Partial<Omit<RunRecord, 'id'>>): Change {
  return { kind: 'update', id, fields };
}

export function withoutJob({ job: _, ...run }: RunRecord): RunRecord {
  return run;
}
