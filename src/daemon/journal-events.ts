import type { Clock } from '../clock/clock.ts';
import type { JobsdError } from '../errors.ts';
import type { Telemetry } from '../telemetry/events.ts';
import type { JournalEvents } from './journal.ts';

/** Tells the outside when the ledger cannot be written, and when it can again. */
export function journalEvents(options: {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly onTrouble: (message: string) => void;
  readonly onRecovered: () => void;
  readonly onBroken: (error: JobsdError) => void;
}): JournalEvents {
  let sinceMs = 0;
  return {
    troubled({ code, message }) {
      sinceMs = options.clock.monotonic();
      options.telemetry.emit({ kind: 'ledger-trouble', code, message });
      options.onTrouble(message);
    },
    committed(changes, tookMs) {
      options.telemetry.emit({ kind: 'ledger-committed', changes, tookMs });
    },
    broken: options.onBroken,
    poisoned({ message }) {
      options.telemetry.emit({ kind: 'part-failed', part: 'ledger', message });
    },
    recovered() {
      const downMs = options.clock.monotonic() - sinceMs;
      options.telemetry.emit({ kind: 'ledger-recovered', downMs });
      options.onRecovered();
    },
  };
}
