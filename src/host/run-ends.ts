import type { RunError } from '../dispatch/run.ts';
import { errorMessages } from '../errors.ts';
import type { ActiveRun } from './active-run.ts';
import type { RunEnd } from './executor.ts';
import type { HostExit } from './host-link.ts';
import { boundedText } from './inside/bounded-error.ts';
import type { HostMessage } from './protocol.ts';

type EndMessage = Extract<HostMessage, readonly ['e', ...unknown[]]>;

/** The end a host reported; for a run that was being ended, that end. */
export function reportedEnd(run: ActiveRun, message: EndMessage): RunEnd {
  const [, , outcome, , , result, error, retry] = message;
  return (
    earlyEnd(run) ?? {
      ...identity(run),
      outcome,
      ...(result !== null && { result }),
      ...(error !== null && { error }),
      ...(retry !== null && { retry }),
    }
  );
}

/** The end of a run whose timeout has passed or that was cancelled; else `undefined`. */
export function earlyEnd(run: ActiveRun): RunEnd | undefined {
  if (run.ending === undefined) return undefined;
  const { outcome, reason } = run.ending;
  const name = outcome === 'timed-out' ? 'TimeoutError' : 'CancelledError';
  return { ...identity(run), outcome, error: { name, message: reason } };
}

/** The end of a run that was in a host when that died. */
export function deathEnd(run: ActiveRun, death: HostDeath): RunEnd {
  const early = earlyEnd(run);
  if (early !== undefined) return early;
  const isCulprit = death.ofMemory && death.runs === 1;
  const error = hostDied(
    isCulprit ? `The service used too much memory: ${death.reason}` : death.reason,
  );
  return { ...identity(run), outcome: isCulprit ? 'failed' : 'lost', error };
}

/** The end of a run that could not be started at all. */
export function refusedEnd(run: ActiveRun, error: RunError): RunEnd {
  return { ...identity(run), outcome: 'failed', error };
}

export interface HostDeath {
  /** A sentence. */
  readonly reason: string;
  /** Runs that were in it. */
  readonly runs: number;
  readonly ofMemory: boolean;
}

/** What is known of why a host ended. */
export function hostDeath(
  exit: HostExit,
  host: {
    readonly runs: number;
    readonly memoryMb: number;
    readonly killedFor: string | undefined;
  },
): HostDeath {
  const isHeap = /heap limit|out of memory|allocation failed/i.test(exit.stderr);
  const ofMemory = isHeap || host.killedFor === 'memory';
  const { runs } = host;
  if (ofMemory) return { ofMemory, runs, reason: `more than ${host.memoryMb} MB (hostMemoryMb).` };
  if (host.killedFor !== undefined) return { ofMemory, runs, reason: host.killedFor };
  const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal;
  const said = exit.stderr === '' ? '' : ` It wrote: ${tellingPart(exit.stderr)}`;
  return { ofMemory, runs, reason: `It ended with ${how}.${said}` };
}

const maxToldLength = 500;

/** The line that names the error, with what follows it; else the end. */
function tellingPart(stderr: string): string {
  const start = stderr.search(/^.*(Error|FATAL)/m);
  if (start !== -1) return boundedText(stderr.slice(start), maxToldLength);
  return stderr.length > maxToldLength ? `…${stderr.slice(-maxToldLength)}` : stderr;
}

export function hostDied(detail: string): RunError {
  const code = 'JOBSD_HOST_DIED';
  return { name: 'JobsdError', code, message: `${errorMessages[code]} ${detail}` };
}

function identity(run: ActiveRun): { id: string; attempt: number } {
  return { id: run.request.id, attempt: run.request.attempt };
}
