import type { CurrentRun } from './current-run.ts';
import { textSlice } from './intrinsics.ts';
import type { LogLevel, RunLog } from './run-log.ts';

/**
 * Has everything services print go to the log of the run that prints it. What no run prints is
 * dropped: there is no screen behind a host.
 */
export function captureOutput(current: CurrentRun, log: RunLog): void {
  const levels: readonly (readonly [keyof Console & string, LogLevel])[] = [
    ['debug', 'debug'],
    ['log', 'info'],
    ['info', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
  ];
  for (const [method, level] of levels) {
    const print = (...parts: unknown[]): void => {
      if (current.run !== undefined) log.write(current.run, level, parts);
    };
    Object.defineProperty(console, method, { value: print, writable: true, configurable: true });
  }
  redirect(process.stdout, 'info', current, log);
  redirect(process.stderr, 'error', current, log);
}

function redirect(
  stream: NodeJS.WriteStream,
  level: LogLevel,
  current: CurrentRun,
  log: RunLog,
): void {
  const write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
    if (current.run !== undefined) log.write(current.run, level, [lineOf(chunk)]);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  Object.defineProperty(stream, 'write', { value: write, writable: true, configurable: true });
}

function lineOf(chunk: unknown): string {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
  return text[text.length - 1] === '\n' ? textSlice(text, 0, -1) : text;
}
