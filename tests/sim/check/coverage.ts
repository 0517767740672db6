import type { Instant } from '../../../src/clock/clock.ts';
import type { LedgerEntry } from './ledger-stream.ts';

/** What became of the times of the jobs, by the name each had when the record was made. */
export class Coverage {
  private readonly runs = new Map<string, LedgerEntry>();
  private readonly stretches = new Map<string, LedgerEntry[]>();

  constructor(entries: Iterable<LedgerEntry>) {
    for (const entry of entries) {
      const { id, nominalAt, lastNominalAt } = entry.record;
      if (nominalAt === undefined) continue;
      const name = id.slice(0, id.lastIndexOf('@'));
      if (lastNominalAt === undefined) this.runs.set(`${name} ${nominalAt}`, entry);
      else this.stretches.set(name, [...(this.stretches.get(name) ?? []), entry]);
    }
  }

  run(name: string, at: Instant): LedgerEntry | undefined {
    return this.runs.get(`${name} ${at}`);
  }

  /** All records that speak for this time. */
  of(names: readonly string[], at: Instant): LedgerEntry[] {
    return names.flatMap((name) => {
      const run = this.run(name, at);
      const around = this.stretchesOf(name).filter(
        ({ record }) => (record.nominalAt ?? at) <= at && at <= (record.lastNominalAt ?? at),
      );
      return run ? [run, ...around] : around;
    });
  }

  stretchesOf(name: string): readonly LedgerEntry[] {
    return this.stretches.get(name) ?? [];
  }

  allRuns(): Iterable<LedgerEntry> {
    return this.runs.values();
  }
}
