import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/**
 * What services start inherits this variable of its host's environment. A process can leave its
 * group and its parent (`setsid`, a second fork), but seldom what it was given to start with.
 */
export const hostMarkVariable = 'JOBSD_HOST';

/**
 * Ends the processes that bear a host's mark, wherever they have gone to. Does nothing where the
 * system does not tell what processes have been given (Linux: `/proc/<pid>/environ`).
 */
export async function endMarkedProcesses(mark: string): Promise<void> {
  const names = await readdir('/proc').catch(() => []);
  for (const pid of pidsAmong(names)) {
    if (isMarked(await readFile(environmentOf(pid), 'latin1').catch(() => ''), mark)) end(pid);
  }
}

/** The same while nothing else can be waited for. */
export function endMarkedProcessesNow(mark: string): void {
  const names = orElse(() => readdirSync('/proc'), []);
  for (const pid of pidsAmong(names)) {
    const environment = orElse(() => readFileSync(environmentOf(pid), 'latin1'), '');
    if (isMarked(environment, mark)) end(pid);
  }
}

const pidsAmong = (names: readonly string[]) =>
  names.filter((name) => /^\d+$/.test(name)).map(Number);

const environmentOf = (pid: number) => `/proc/${pid}/environ`;

const isMarked = (environment: string, mark: string) =>
  environment.includes(`${hostMarkVariable}=${mark}\0`);

function end(pid: number): void {
  orElse(() => process.kill(pid, 'SIGKILL'), true);
}

function orElse<T>(read: () => T, instead: T): T {
  try {
    return read();
  } catch {
    return instead;
  }
}
