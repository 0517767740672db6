import type { Clock } from '../../clock/clock.ts';
import type { JsonValue } from '../../config/snapshot.ts';
import type { LogLine, RunId, RunRecord } from '../../dispatch/run.ts';
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
import { GroupCommit } from './group-commit.ts';
import type { Unlock } from './lock-state-file.ts';
import { SqliteKeyValues } from './sqlite-key-values.ts';
import type { StoreCalls } from './store-calls.ts';
import type { TextKeys } from './text-keys.ts';

/** The contract over a store: checks what is asked, groups what is written. */
export class SqliteBackend implements Backend {
  readonly kind = 'sqlite';
  readonly keyValues: KeyValueStore;
  private readonly store: StoreCalls;
  private readonly clock: Clock;
  private readonly texts: TextKeys;
  private readonly group: GroupCommit;
  private readonly unlock: Unlock;
  private readonly definitionsSeen = new Set<string>();
  private closing: Promise<void> | undefined;

  constructor(options: { store: StoreCalls; clock: Clock; texts: TextKeys; unlock?: Unlock }) {
    this.store = options.store;
    this.clock = options.clock;
    this.texts = options.texts;
    this.group = new GroupCommit(options.store, options.clock, options.texts);
    this.keyValues = new SqliteKeyValues(options.store, this.group, options.clock);
    this.unlock = options.unlock ?? (() => {});
  }

  commit(changes: readonly Change[]): Promise<CommitResult> {
    for (const change of changes) {
      if (change.kind === 'definition') this.definitionsSeen.add(change.key);
    }
    return this.group.commit(changes);
  }

  jobStates(): Promise<readonly JobState[]> {
    return this.store.call('jobStates');
  }

  unfinishedRuns(): Promise<readonly RunRecord[]> {
    return this.store.call('unfinishedRuns');
  }

  definition(key: string): Promise<JsonValue | undefined> {
    return this.store.call('definition', key);
  }

  run(id: RunId): Promise<RunRecord | undefined> {
    return this.store.call('run', id);
  }

  async runs(query: RunQuery): Promise<RunPage> {
    checkRunQuery(query);
    return this.store.call('runs', query);
  }

  latestRuns(): Promise<readonly RunRecord[]> {
    return this.store.call('latestRuns');
  }

  logs(id: RunId): Promise<readonly LogLine[]> {
    return this.store.call('logs', id);
  }

  async prune(options: PruneOptions): Promise<number> {
    checkPruneOptions(options);
    const kept = [...this.definitionsSeen].map((key) => this.texts.keyOf(key));
    return this.store.call('prune', options, this.clock.now(), kept);
  }

  close(): Promise<void> {
    this.closing ??= this.closeInOrder();
    return this.closing;
  }

  private async closeInOrder(): Promise<void> {
    await this.group.close();
    await this.store.close();
    this.unlock();
  }
}
