import type { Clock } from '../clock/clock.ts';
import type { Engine } from './engine.ts';
import { settledOrTroubled } from './settled-or-troubled.ts';

/**
 * Ends what is under way, and the writing. While the ledger refuses to be written nothing can be
 * settled: that is not waited for, and the next daemon finds as lost what was under way.
 */
export async function closeEngine(engine: Engine, clock: Clock): Promise<void> {
  const { journal } = engine;
  const settled = engine.drain(engine.snapshot.daemon.drainTimeoutMs).then(() => journal.idle());
  await settledOrTroubled(settled, { clock, journal, timeoutMs: 0 });
  journal.close();
}
