import { type LogLine, type RunId, type RunRecord, unfinishedStates } from '../../dispatch/run.ts';
import type { PruneOptions, RunPage, RunQuery } from '../backend.ts';
import { plain } from './plain.ts';

interface Entry {
  readonly seq: number;
  record: RunRecord;
  readonly lines: LogLine[];
}

/** The records of a ledger in memory, in the order of recording. */
export class MemoryRuns {
  private readonly entries = new Map<RunId, Entry>();
  private readonly open = new Map<RunId, Entry>();
  private nextSeq = 1;

  /** Whether the id was new. */
  add(run: RunRecord): boolean {
    if (this.entries.has(run.id)) return false;
    const entry: Entry = { seq: this.nextSeq++, record: plain(run), lines: [] };
    this.entries.set(run.id, entry);
    this.file(entry);
    return true;
  }

  update(id: RunId, fields: Partial<RunRecord>, ifAttempt: number | undefined): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    if (ifAttempt !== undefined && ifAttempt !== entry.record.attempt) return;
    entry.record = plain({ ...entry.record, ...fields });
    this.file(entry);
  }

  rename(from: string, to: string): void {
    for (const entry of this.entries.values()) {
      if (entry.record.job === from) entry.record = plain({ ...entry.record, job: to });
    }
  }

  log(id: RunId, lines: readonly LogLine[]): void {
    this.entries.get(id)?.lines.push(...lines.map(plain));
  }

  run(id: RunId): RunRecord | undefined {
    return this.entries.get(id)?.record;
  }

  logs(id: RunId): LogLine[] {
    return [...(this.entries.get(id)?.lines ?? [])];
  }

  unfinished(): RunRecord[] {
    return [...this.open.values()].sort((a, b) => a.seq - b.seq).map(({ record }) => record);
  }

  page({ job, states, limit, after }: RunQuery): RunPage {
    const below = after === undefined ? Number.POSITIVE_INFINITY : Number(after);
    const found: Entry[] = [];
    for (const entry of this.newestFirst()) {
      if (entry.seq >= below) continue;
      if (job !== undefined && entry.record.job !== job) continue;
      if (states !== undefined && !states.includes(entry.record.state)) continue;
      if (found.push(entry) > limit) break;
    }
    const runs = found.slice(0, limit).map(({ record }) => record);
    return found.length > limit ? { runs, next: String(found[limit - 1]?.seq) } : { runs };
  }

  latest(): RunRecord[] {
    const latest = new Map<string, RunRecord>();
    for (const { record } of this.newestFirst()) {
      if (record.job !== undefined && !latest.has(record.job)) latest.set(record.job, record);
    }
    return [...latest.values()];
  }

  prune(
    { before, keep, limit }: PruneOptions,
    cursorOf: (job: string) => number | undefined,
  ): number {
    const beyond = this.beyondNewest(keep);
    const goes = [...this.entries.values()]
      .filter((entry) => isFinished(entry) && (ageOf(entry) < before || beyond.has(entry)))
      .filter((entry) => !mayGrow(entry, cursorOf))
      .slice(0, limit);
    for (const entry of goes) this.entries.delete(entry.record.id);
    return goes.length;
  }

  /** What each job, or service without one, has more than its newest `keep`. */
  private beyondNewest(keep: number): Set<Entry> {
    const counts = new Map<string, number>();
    const beyond = new Set<Entry>();
    for (const entry of this.newestFirst()) {
      const { job, service } = entry.record;
      const owner = job === undefined ? `service ${service}` : `job ${job}`;
      const count = (counts.get(owner) ?? 0) + 1;
      counts.set(owner, count);
      if (count > keep) beyond.add(entry);
    }
    return beyond;
  }

  private newestFirst(): Entry[] {
    return [...this.entries.values()].reverse();
  }

  private file(entry: Entry): void {
    if (isFinished(entry)) this.open.delete(entry.record.id);
    else this.open.set(entry.record.id, entry);
  }
}

function isFinished({ record }: Entry): boolean {
  return !(unfinishedStates as readonly string[]).includes(record.state);
}

function mayGrow({ record }: Entry, cursorOf: (job: string) => number | undefined): boolean {
  const { state, job, lastNominalAt } = record;
  if (state !== 'skipped' || job === undefined || lastNominalAt === undefined) return false;
  return lastNominalAt >= (cursorOf(job) ?? Number.POSITIVE_INFINITY);
}

function ageOf({ record }: Entry): number {
  return record.endedAt ?? record.plannedAt;
}
