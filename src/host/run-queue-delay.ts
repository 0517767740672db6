import { readFileSync } from 'node:fs';

const nsPerMs = 1_000_000;

/**
 * How long the main thread of a process has waited for a processor in all, in milliseconds; 0 where
 * the system does not tell (Linux: `/proc/<pid>/schedstat`, second number). It tells a host that a
 * service blocks from one that is starved by the rest of the machine, which no new host would help.
 */
export function runQueueDelayMs(pid: number): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / nsPerMs || 0;
  } catch {
    return 0;
  }
}
