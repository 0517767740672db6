import type { Change } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import type { RunRecord } from '../dispatch/run.ts';

/**
 * The record of a missed stretch whose first time may be on record already. Only when the ledger has
 * told that it was not does anything follow; until then it waits, so that a restart meanwhile goes on
 * from here instead of losing what was to follow.
 */
export function unproved(run: RunRecord, definition: string): RunRecord {
  const { endedAt: _, ...open } = run;
  return { ...open, state: 'waiting', definition };
}

/** Whether this is such a record: no run that waits stands for several times. */
export function isUnproved({ state, lastNominalAt }: RunRecord): boolean {
  return state === 'waiting' && lastNominalAt !== undefined;
}

/** Its time was new. What follows belongs into the same commit. */
export function proveMissed(run: RunRecord, now: Instant, changes: Change[]): RunRecord {
  const fields = { state: 'missed', endedAt: now } as const;
  changes.push({ kind: 'update', id: run.id, ifAttempt: 0, fields });
  return { ...run, ...fields };
}
