import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { RunRecord } from '../../dispatch/run.ts';
import type { CommandIo } from '../command-io.ts';

export interface Waiting {
  show(run: RunRecord): void;
  clear(): void;
}

const wholeLine = '\r\u001b[2K';

/** A line that says what is waited for and how long already; on a terminal only. */
export function showWaiting(io: CommandIo, name: string): Waiting {
  if (!io.isTerminal.stderr) return { show: () => {}, clear: () => {} };
  const startedAt = io.clock.monotonic();
  let isShown = false;
  return {
    show({ state }) {
      const waited = approximateDuration(io.clock.monotonic() - startedAt);
      const text = `${name} ${state}, ${waited} ... (Ctrl-C stops waiting)`;
      io.stderr.write(`${wholeLine}${text.slice(0, io.columns - 1)}`);
      isShown = true;
    },
    clear() {
      if (isShown) io.stderr.write(wholeLine);
      isShown = false;
    },
  };
}
