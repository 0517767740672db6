import type { JobState } from '../backend/backend.ts';
import type { Control } from '../daemon/control.ts';
import { type RunRecord, unfinishedStates } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';
import { findDaemon, findStatePath } from './find-daemon.ts';

/** What can be read of the ledger, whether a daemon has it open or not. */
export type LedgerReading = Pick<Control, 'runs' | 'run' | 'logs' | 'keyValue' | 'keys'>;

export interface Ledger extends LedgerReading {
  /** Whether a daemon answers; if not, nothing changes while we read. */
  readonly isLive: boolean;
  close(): Promise<void>;
}

/** A state file that no daemon has open, for reading. */
export interface StateFile extends LedgerReading {
  jobStates(): Promise<readonly JobState[]>;
  latestRuns(): Promise<readonly RunRecord[]>;
  close(): Promise<void>;
}

/**
 * The ledger through the running daemon, else straight from the state file. Without either it is
 * empty: before the first start nothing has run.
 */
export async function openLedger(context: CommandContext, signal?: AbortSignal): Promise<Ledger> {
  const daemon = await findDaemon(context, signal);
  if (daemon !== undefined) return { ...daemon, isLive: true, close: async () => {} };
  const file = await openStateFile(context);
  if (file === undefined) context.note('Nothing has run yet: there is no state file.');
  return { ...(file ?? emptyStateFile), isLive: false };
}

/** The state file for reading, or nothing when there is none. */
export async function openStateFile(context: CommandContext): Promise<StateFile | undefined> {
  const path = await findStatePath(context);
  // SQLite is loaded only where it is read.
  const { openSqliteReader } = await import('../backend/sqlite/open-sqlite-reader.ts');
  try {
    const reader = await openSqliteReader({ path, clock: context.io.clock });
    return {
      jobStates: () => reader.jobStates(),
      latestRuns: () => reader.latestRuns(),
      async runs(query) {
        const page = await reader.runs(query);
        return { ...page, runs: page.runs.map(withoutOpenPayload) };
      },
      run: async (id) => withoutOpenPayload((await reader.run(id)) ?? noRun(id)),
      async logs(id, from = 0) {
        if ((await reader.run(id)) === undefined) noRun(id);
        return (await reader.logs(id)).slice(from);
      },
      keyValue: (key) => reader.keyValues.get(key),
      keys: (prefix, limit) => reader.keyValues.keys(prefix, limit),
      close: () => reader.close(),
    };
  } catch (error) {
    if (error instanceof JobsdError && error.code === 'JOBSD_BACKEND_MISSING') return undefined;
    throw error;
  }
}

/**
 * Until its run has ended a payload may hold a secret, and here nobody knows the secrets: they are
 * looked up by daemons only.
 */
function withoutOpenPayload(run: RunRecord): RunRecord {
  if (!unfinishedStates.some((state) => state === run.state)) return run;
  const { payload: _, ...rest } = run;
  return rest;
}

const emptyStateFile: StateFile = {
  jobStates: async () => [],
  latestRuns: async () => [],
  runs: async () => ({ runs: [] }),
  run: async (id) => noRun(id),
  logs: async (id) => noRun(id),
  keyValue: async () => undefined,
  keys: async () => [],
  close: async () => {},
};

function noRun(id: string): never {
  throw new JobsdError('JOBSD_RUN_NOT_FOUND', `"${id}" is not in the ledger. See: jobsd runs`);
}
