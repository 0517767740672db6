import type { Control } from '../daemon/control.ts';
import { type LogLine, type RunId, type RunRecord, unfinishedStates } from '../dispatch/run.ts';

/** How often what a run wrote is asked for; its end is told at once. */
const lookEveryMs = 500;

/**
 * Waits for the end of a run and hands on each line it writes. `onLook` is called again and again
 * while it goes on. Rejects when `control` does.
 */
export async function followRun(
  control: Pick<Control, 'waitForEnd' | 'logs'>,
  id: RunId,
  onLine: (line: LogLine) => void,
  onLook: (run: RunRecord) => void = () => {},
): Promise<RunRecord> {
  let shown = 0;
  while (true) {
    const run = await control.waitForEnd(id, lookEveryMs);
    const lines = await control.logs(id, shown);
    for (const line of lines) onLine(line);
    shown += lines.length;
    if (!unfinishedStates.some((state) => state === run.state)) return run;
    onLook(run);
  }
}
