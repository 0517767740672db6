import type { RunRecord, RunState, Trigger } from '../../dispatch/run.ts';

/**
 * How a field is kept in a column. `key` is a number that stands for a text that many rows share
 * (table `texts`); `text` and `json` travel to the store's thread beside the numbers.
 */
export type ColumnKind = 'number' | 'key' | 'text' | 'json' | 'state' | 'trigger';

export interface RunColumn {
  readonly field: Exclude<keyof RunRecord, 'id'>;
  readonly name: string;
  readonly kind: ColumnKind;
}

/**
 * The columns of `runs` that mirror a record's fields. The position is the bit in a batch's mask, so
 * only append; at most 30, for the mask to stay a small integer.
 */
export const runColumns: readonly RunColumn[] = [
  { field: 'job', name: 'job', kind: 'key' },
  { field: 'service', name: 'service', kind: 'key' },
  { field: 'trigger', name: 'cause', kind: 'trigger' },
  { field: 'actor', name: 'actor', kind: 'text' },
  { field: 'state', name: 'state', kind: 'state' },
  { field: 'reason', name: 'reason', kind: 'text' },
  { field: 'attempt', name: 'attempt', kind: 'number' },
  { field: 'nominalAt', name: 'nominal_at', kind: 'number' },
  { field: 'plannedAt', name: 'planned_at', kind: 'number' },
  { field: 'startedAt', name: 'started_at', kind: 'number' },
  { field: 'endedAt', name: 'ended_at', kind: 'number' },
  { field: 'retryAt', name: 'retry_at', kind: 'number' },
  { field: 'host', name: 'host', kind: 'text' },
  { field: 'revision', name: 'revision', kind: 'key' },
  { field: 'definition', name: 'definition', kind: 'key' },
  { field: 'payload', name: 'payload', kind: 'text' },
  { field: 'result', name: 'result', kind: 'text' },
  { field: 'error', name: 'error', kind: 'json' },
  { field: 'count', name: 'count', kind: 'number' },
  { field: 'lastNominalAt', name: 'last_nominal_at', kind: 'number' },
  { field: 'place', name: 'place', kind: 'key' },
  { field: 'commit', name: 'source_commit', kind: 'key' },
  { field: 'number', name: 'number', kind: 'number' },
];

/** Numbers in the state file: never give one a new meaning. Unfinished states come first. */
export const stateCodes: Readonly<Record<RunState, number>> = {
  waiting: 1,
  running: 2,
  retrying: 3,
  succeeded: 4,
  failed: 5,
  'timed-out': 6,
  cancelled: 7,
  lost: 8,
  skipped: 9,
  missed: 10,
};

/** The highest code of a state that is unfinished. */
export const lastUnfinishedCode = 3;

/** Numbers in the state file: never give one a new meaning. */
export const triggerCodes: Readonly<Record<Trigger, number>> = {
  schedule: 1,
  'catch-up': 2,
  manual: 3,
  api: 4,
  service: 5,
  'on-event': 6,
  retry: 7,
  backfill: 8,
};

export const stateNames = namesByCode(stateCodes);
export const triggerNames = namesByCode(triggerCodes);

/** Position in `runColumns` of the column that keeps a field. */
export function columnIndex(field: RunColumn['field']): number {
  return runColumns.findIndex((column) => column.field === field);
}

function namesByCode<Name extends string>(codes: Readonly<Record<Name, number>>): readonly Name[] {
  const names: Name[] = [];
  for (const name of Object.keys(codes) as Name[]) names[codes[name]] = name;
  return names;
}
