import type { Clock, Milliseconds } from '../clock/clock.ts';
import type { Executor } from '../host/executor.ts';
import type { Engine } from './engine.ts';
import { settledOrTroubled } from './settled-or-troubled.ts';

/**
 * Starts nothing more, gives what is under way `timeoutMs` to end, and records how it ended. Where
 * the ledger is beyond repair no end can be recorded: then only the work itself is waited for.
 */
export async function endRuns(
  engine: Engine,
  options: { executor: Executor; clock: Clock; timeoutMs: Milliseconds },
): Promise<void> {
  const { executor, clock, timeoutMs } = options;
  const { journal, dispatcher } = engine;
  if (journal.broken) {
    void dispatcher.stop();
    return executor.close(timeoutMs);
  }
  const settled = engine.drain(timeoutMs).then(() => journal.idle());
  await settledOrTroubled(settled, { clock, journal, timeoutMs });
}
