import { readFileSync } from 'node:fs';

/** What the main thread of a process has had of the machine's processors. */
export interface ProcessorUse {
  readonly ranMs: number;
  /** It would run if it were given a processor, or runs. */
  readonly isRunnable: boolean;
}

const nsPerMs = 1_000_000;

/**
 * Reads it; `undefined` where the system does not tell. Linux: the first number of
 * `/proc/<pid>/schedstat`, brought up to date at each tick of the kernel, some milliseconds; and the
 * state in `/proc/<pid>/stat`, the first letter after the name, which may hold anything.
 */
export function processorUse(pid: number): ProcessorUse | undefined {
  try {
    const ranNs = Number.parseInt(readFileSync(`/proc/${pid}/schedstat`, 'latin1'), 10);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return { ranMs: ranNs / nsPerMs, isRunnable: stat[stat.lastIndexOf(')') + 2] === 'R' };
  } catch {
    return undefined;
  }
}
