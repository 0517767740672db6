import type { CancelTimer, Clock } from './clock.ts';

export interface OwnTimers {
  /** The same clock; its timers are known here. */
  readonly clock: Clock;
  /** Cancels every timer that has not gone off. */
  cancelAll(): void;
}

/** For whoever sets many timers and must leave none behind: one would keep the process from ending. */
export function ownTimers(clock: Clock): OwnTimers {
  const pending = new Set<CancelTimer>();
  return {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after(delayMs, callback) {
        const cancelTimer = clock.after(delayMs, () => {
          pending.delete(cancel);
          callback();
        });
        const cancel = () => {
          pending.delete(cancel);
          cancelTimer();
        };
        pending.add(cancel);
        return cancel;
      },
    },
    cancelAll() {
      for (const cancel of pending) cancel();
    },
  };
}
