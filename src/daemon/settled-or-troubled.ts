import type { Clock, Milliseconds } from '../clock/clock.ts';
import type { Journal } from './journal.ts';

const lookAgainMs: Milliseconds = 500;

/**
 * Waits at the stop for all runs to be settled. While the ledger cannot be written none can be, and
 * that is waited for no longer than `timeoutMs`: the next daemon finds as lost what was under way.
 */
export async function settledOrTroubled(
  settled: Promise<void>,
  options: { clock: Clock; journal: Journal; timeoutMs: Milliseconds },
): Promise<void> {
  const { clock, journal, timeoutMs } = options;
  const givenUp = Promise.withResolvers<void>();
  const look = () => {
    if (journal.troubled) givenUp.resolve();
    else cancel = clock.after(lookAgainMs, look);
  };
  let cancel = clock.after(timeoutMs, look);
  await Promise.race([settled, givenUp.promise]);
  cancel();
}
