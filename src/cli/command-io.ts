import type { Clock } from '../clock/clock.ts';

/**
 * How a command ended. 0 fine; 1 findings or a failed run; 2 wrong usage; 3 could not run;
 * 4 nothing matched; 10 a plan with changes, when asked for; 130 broken off with Ctrl-C.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 10 | 130;

export interface OutputStream {
  write(text: string): unknown;
}

/** Everything a command knows of the process around it; tests pass their own. */
export interface CommandIo {
  readonly stdin: AsyncIterable<string | Buffer>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Name of the user whose process it is. */
  readonly user: string;
  /** Whether a person reads what is written there. */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  /** Width of the terminal; `Infinity` when there is none, so that programs get whole lines. */
  readonly columns: number;
  readonly clock: Clock;
  /**
   * Calls back on a signal until the returned function is called. A signal that nobody listens to
   * ends the process as usual.
   */
  onSignal(signal: NodeJS.Signals, listener: () => void): () => void;
}

/** Who asks, as the ledger keeps it. */
export function actorOf({ user }: CommandIo): string {
  return `cli:${user}`;
}
