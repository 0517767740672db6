import type { RunRecord } from './run.ts';

/** What becomes of the record of a dead run that shall have one more attempt. */
export function runAgain(run: RunRecord) {
  const { endedAt: _, reason: __, error: ___, ...rest } = run;
  const cleared = { endedAt: undefined, reason: undefined, error: undefined };
  return {
    fields: { state: 'waiting', ...cleared },
    run: { ...rest, state: 'waiting' },
  } as const;
}
