import type { JsonValue } from '../config/snapshot.ts';
import type { LogLine, RunRecord } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';

/** What is to be run, whoever runs it. */
export interface RunWish {
  readonly kind: 'job' | 'service';
  readonly name: string;
  /** A job's `extra`, a service's payload; absent means the declared one. */
  readonly payload?: JsonValue;
  readonly actor: string;
}

/** Carries out a run without a daemon, in this process and its own hosts, to its end. */
export async function runAlone(
  context: CommandContext,
  wish: RunWish,
  _watch: { readonly signal: AbortSignal; readonly onLine: (line: LogLine) => void },
): Promise<RunRecord> {
  throw new JobsdError(
    'JOBSD_DAEMON_UNREACHABLE',
    `Running ${wish.name} needs a daemon for ${context.root}. Start one with: jobsd start`,
  );
}
