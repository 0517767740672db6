import type { Clock, Milliseconds } from '../clock/clock.ts';
import type { Rest } from '../config/steps.ts';

/** Less than a run that is due would be called late for. */
const longestPortionMs: Milliseconds = 4;

/** Lets whatever is due have its turn whenever a long piece of work has had the process for a while. */
export function takeRests(clock: Clock): Rest {
  let since = clock.monotonic();
  return () => {
    if (clock.monotonic() - since < longestPortionMs) return undefined;
    return new Promise((resolve) =>
      // Timers that are due go off before the next turn of what is told here.
      clock.after(0, () => {
        since = clock.monotonic();
        resolve();
      }),
    );
  };
}
