/** Entry of a service host's process, and of its watchdog thread: both start from this one file. */
import { enableCompileCache } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { hostMarkVariable } from './marked-processes.ts';

if (isMainThread) {
  const [, , mark, cacheDirectory] = process.argv;
  process.env[hostMarkVariable] = mark;
  // Takes most of a host's start away: types are stripped and code is compiled once, not per host.
  if (cacheDirectory !== undefined) enableCompileCache(cacheDirectory);
  const { startHost } = await import('./inside/host-runtime.ts');
  startHost(new URL(import.meta.url));
} else {
  const { startWatchdog } = await import('./inside/watchdog.ts');
  startWatchdog();
}
