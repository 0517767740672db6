import { boundedError } from './bounded-error.ts';
import type { CurrentRun } from './current-run.ts';
import { failed } from './execute-service.ts';
import { NativeError, toText } from './intrinsics.ts';
import type { RunLog } from './run-log.ts';

/**
 * Has errors that nobody caught, and `process.exit()`, end the run they come from instead of the
 * host and everything else in it. The asynchronous context says which run that is.
 */
export function trapFaults(current: CurrentRun, log: RunLog): void {
  const reallyExit = process.exit;
  // A capture callback cannot be taken off by `process.removeAllListeners()`.
  process.setUncaughtExceptionCaptureCallback((error) => blame(error, current, log));
  process.exit = (code): never => {
    const run = current.run;
    if (run === undefined) return reallyExit(code);
    const error = new NativeError(`The service called process.exit(${toText(code ?? '')}).`);
    run.settle(failed(error));
    throw error;
  };
  // A service manager sends SIGTERM to every process of the unit, Ctrl-C reaches every one of the
  // terminal: runs must be able to end while the daemon drains. The daemon ends its hosts itself.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
}

function blame(error: unknown, current: CurrentRun, log: RunLog): void {
  const run = current.run;
  if (run === undefined) {
    const text = `An error that nobody caught came up in this host, and it is not known from which run: ${boundedError(error).message}`;
    for (let index = 0; index < current.active.length; index += 1) {
      const other = current.active[index];
      if (other !== undefined) log.write(other, 'warn', [text]);
    }
  } else if (run.isSettled) {
    const text = `An error that nobody caught came up after the run had ended: ${boundedError(error).message}`;
    log.write(run, 'warn', [text]);
  } else {
    run.settle(failed(error));
  }
}
