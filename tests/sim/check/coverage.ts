import type { Instant } from '../../../src/clock/clock.ts';
import type { LedgerEntry } from './ledger-stream.ts';

/** What became of the times of the jobs, by the name each had when the record was made. */
export class Coverage {
  private readonly runs = new Map<string, Map<Instant, LedgerEntry>>();
  private readonly stretches = new Map<string, LedgerEntry[]>();

  constructor(entries: Iterable<LedgerEntry>) {
    for (const entry of entries) {
      const { id, nominalAt, lastNominalAt } = entry.record;
      if (nominalAt === undefined) continue;
      const name = id.slice(0, id.lastIndexOf('@'));
      if (lastNominalAt === undefined) {
        const runs = this.runs.get(name) ?? new Map();
        this.runs.set(name, runs.set(nominalAt, entry));
      } else {
        const stretches = this.stretches.get(name) ?? [];
        stretches.push(entry);
        this.stretches.set(name, stretches);
      }
    }
  }

  run(name: string, at: Instant): LedgerEntry | undefined {
    return this.runs.get(name)?.get(at);
  }

  /** All records that speak for this time. */
  of(names: readonly string[], at: Instant): LedgerEntry[] {
    const found: LedgerEntry[] = [];
    for (const name of names) {
      const run = this.run(name, at);
      if (run) found.push(run);
      for (const stretch of this.stretchesOf(name)) {
        const { nominalAt = at, lastNominalAt = at } = stretch.record;
        if (nominalAt <= at && at <= lastNominalAt) found.push(stretch);
      }
    }
    return found;
  }

  stretchesOf(name: string): readonly LedgerEntry[] {
    return this.stretches.get(name) ?? [];
  }

  *allRuns(): Iterable<LedgerEntry> {
    for (const runs of this.runs.values()) yield* runs.values();
  }
}
