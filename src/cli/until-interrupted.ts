import type { CommandIo, ExitCode } from './command-io.ts';

/**
 * Carries out work that Ctrl-C breaks off: the work's signal is aborted, `onInterrupt` says what
 * goes on without us, and the exit code is 130. A second Ctrl-C ends the process as usual.
 */
export async function untilInterrupted(
  io: CommandIo,
  work: (signal: AbortSignal) => Promise<ExitCode>,
  onInterrupt?: () => void,
): Promise<ExitCode> {
  const interrupted = new AbortController();
  const stopListening = io.onSignal('SIGINT', () => {
    stopListening();
    interrupted.abort();
  });
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    onInterrupt?.();
    return 130;
  } finally {
    stopListening();
  }
}
