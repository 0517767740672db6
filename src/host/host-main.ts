/** Entry of a service host's process, and of its watchdog thread: both start from this one file. */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const { startHost } = await import('./inside/host-runtime.ts');
  startHost(new URL(import.meta.url));
} else {
  const { startWatchdog } = await import('./inside/watchdog.ts');
  startWatchdog();
}
