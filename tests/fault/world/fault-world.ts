import { openSqliteReader } from '../../../src/backend/sqlite/open-sqlite-reader.ts';
import { systemClock } from '../../../src/clock/system-clock.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { JobEdit, LedgerLook } from '../check/job-versions.ts';
import type { Disturbance } from '../history.ts';
import type { FaultProject } from './fault-project.ts';

/** What the driver has done and seen so far. */
export interface FaultLog {
  readonly disturbances: Disturbance[];
  readonly looks: LedgerLook[];
  readonly edits: readonly JobEdit[];
  /** Kills of the daemon, by how. */
  readonly kills: Map<string, number>;
  /** Ends of the daemon that nobody asked for, and other things that must not be. */
  readonly surprises: string[];
  /** From the process's begin to its jobs running. */
  readonly startsMs: number[];
  hostKills: number;
  hostStops: number;
  daemonStops: number;
}

export function newFaultLog(edits: readonly JobEdit[]): FaultLog {
  return {
    disturbances: [],
    looks: [],
    edits,
    kills: new Map(),
    surprises: [],
    startsMs: [],
    hostKills: 0,
    hostStops: 0,
    daemonStops: 0,
  };
}

/** The jobs' states as they are on disk. */
export async function readStates(project: FaultProject): Promise<LedgerLook['states']> {
  const reader = await openSqliteReader({ path: project.statePath, clock: systemClock });
  try {
    return await reader.jobStates();
  } finally {
    await reader.close();
  }
}

/** All records, or those in these states. */
export async function readRecords(
  project: FaultProject,
  states?: readonly RunRecord['state'][],
): Promise<RunRecord[]> {
  const reader = await openSqliteReader({ path: project.statePath, clock: systemClock });
  const records: RunRecord[] = [];
  try {
    for (let after: string | undefined; ; ) {
      const query = { limit: 1000, ...(states && { states }), ...(after && { after }) };
      const page = await reader.runs(query);
      records.push(...page.runs);
      if (page.next === undefined) return records;
      after = page.next;
    }
  } finally {
    await reader.close();
  }
}
