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
import { Pruning } from './pruning.ts';
import { SqliteKeyValues } from './sqlite-key-values.ts';
import type { StoreCalls } from './store-calls.ts';
import type { TextKeys } from './text-keys.ts';

export interface SqliteParts {
  /** Writes, and what a daemon reads at its start. */
  readonly writer: StoreCalls;
  /** Pages and scans: apart, so that a commit never waits for somebody who looks at the history. */
  readonly reader: StoreCalls;
  readonly clock: Clock;
  readonly texts: TextKeys;
  readonly unlock?: Unlock;
}

/** The contract over two stores of one file: checks what is asked, groups what is written. */
export class SqliteBackend implements Backend {
  readonly kind = 'sqlite';
  readonly keyValues: KeyValueStore;
  private readonly parts: SqliteParts;
  private readonly group: GroupCommit;
  private readonly pruning: Pruning;
  private readonly definitionsSeen = new Set<string>();
  private closing: Promise<void> | undefined;

  constructor(parts: SqliteParts) {
    this.parts = parts;
    this.group = new GroupCommit(parts.writer, parts.clock, parts.texts);
    this.keyValues = new SqliteKeyValues(parts.writer, this.group, parts.clock);
    this.pruning = new Pruning(parts);
  }

  commit(changes: readonly Change[]): Promise<CommitResult> {
    for (const change of changes) {
      if (change.kind === 'definition') this.definitionsSeen.add(change.key);
    }
    return this.group.commit(changes);
  }

  jobStates(): Promise<readonly JobState[]> {
    return this.parts.writer.call('jobStates');
  }

  unfinishedRuns(): Promise<readonly RunRecord[]> {
    return this.parts.writer.call('unfinishedRuns');
  }

  definition(key: string): Promise<JsonValue | undefined> {
    return this.parts.writer.call('definition', key);
  }

  run(id: RunId): Promise<RunRecord | undefined> {
    return this.parts.reader.call('run', id);
  }

  async runs(query: RunQuery): Promise<RunPage> {
    checkRunQuery(query);
    return this.parts.reader.call('runs', query);
  }

  latestRuns(): Promise<readonly RunRecord[]> {
    return this.parts.reader.call('latestRuns');
  }

  logs(id: RunId): Promise<readonly LogLine[]> {
    return this.parts.reader.call('logs', id);
  }

  async prune(options: PruneOptions): Promise<number> {
    checkPruneOptions(options);
    const { clock, texts } = this.parts;
    const kept = new Set([...this.definitionsSeen].map((key) => texts.keyOf(key)));
    return this.pruning.prune(options, clock.now(), (definition) => kept.has(definition));
  }

  close(): Promise<void> {
    this.closing ??= this.closeInOrder();
    return this.closing;
  }

  private async closeInOrder(): Promise<void> {
    await this.group.close();
    // The writer last: the last to close folds the log of changes into the file.
    await this.parts.reader.close();
    await this.parts.writer.close();
    this.parts.unlock?.();
  }
}
