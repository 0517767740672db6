import type { Clock } from '../../clock/clock.ts';
import type { JsonValue } from '../../config/snapshot.ts';
import type { LogLine, RunId, RunRecord } from '../../dispatch/run.ts';
import { JobsdError } from '../../errors.ts';
import type {
  Backend,
  Change,
  CommitResult,
  JobState,
  KeyValueStore,
  PruneOptions,
  RunPage,
  RunQuery,
} from '../backend.ts';
import { checkPruneOptions, checkRunQuery } from '../check-input.ts';
import { checkChanges } from './check-changes.ts';
import { MemoryKeyValues } from './memory-key-values.ts';
import { MemoryRuns } from './memory-runs.ts';
import { plain } from './plain.ts';

export class MemoryBackend implements Backend {
  readonly kind = 'memory';
  readonly keyValues: KeyValueStore;
  private readonly ledger = new MemoryRuns();
  private readonly states = new Map<string, JobState>();
  private readonly definitions = new Map<string, string>();
  private isClosed = false;

  constructor(clock: Clock) {
    this.keyValues = new MemoryKeyValues(clock, () => this.assertOpen());
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    this.assertOpen();
    checkChanges(changes);
    const dropped: RunId[] = [];
    for (const change of changes) this.apply(change, dropped);
    return { dropped };
  }

  async jobStates(): Promise<readonly JobState[]> {
    this.assertOpen();
    return [...this.states.values()];
  }

  async unfinishedRuns(): Promise<readonly RunRecord[]> {
    this.assertOpen();
    return this.ledger.unfinished();
  }

  async definition(key: string): Promise<JsonValue | undefined> {
    this.assertOpen();
    const json = this.definitions.get(key);
    return json === undefined ? undefined : JSON.parse(json);
  }

  async run(id: RunId): Promise<RunRecord | undefined> {
    this.assertOpen();
    return this.ledger.run(id);
  }

  async runs(query: RunQuery): Promise<RunPage> {
    this.assertOpen();
    checkRunQuery(query);
    return this.ledger.page(query);
  }

  async latestRuns(): Promise<readonly RunRecord[]> {
    this.assertOpen();
    return this.ledger.latest();
  }

  async logs(id: RunId): Promise<readonly LogLine[]> {
    this.assertOpen();
    return this.ledger.logs(id);
  }

  /** Definitions stay: they were all committed since this backend was opened. */
  async prune(options: PruneOptions): Promise<number> {
    this.assertOpen();
    checkPruneOptions(options);
    return this.ledger.prune(options, (job) => this.states.get(job)?.cursorAt);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  private apply(change: Change, dropped: RunId[]): void {
    switch (change.kind) {
      case 'record':
        if (!this.ledger.add(change.run)) dropped.push(change.run.id);
        return;
      case 'update':
        return this.ledger.update(change.id, change.fields, change.ifAttempt);
      case 'job-state':
        this.states.set(change.state.job, plain(change.state));
        return;
      case 'forget-job':
        this.states.delete(change.job);
        return;
      case 'rename-job':
        return this.ledger.rename(change.from, change.to);
      case 'definition':
        if (!this.definitions.has(change.key)) this.definitions.set(change.key, change.json);
        return;
      case 'log':
        return this.ledger.log(change.id, change.lines);
      default:
        change satisfies never;
    }
  }

  private assertOpen(): void {
    if (this.isClosed) throw new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'The store is closed.');
  }
}
