import type { Backend, Change, CommitResult } from '../../../src/backend/backend.ts';
import type { MemoryBackend } from '../../../src/backend/memory/memory-backend.ts';
import { openMemoryBackend } from '../../../src/backend/memory/open-memory-backend.ts';
import { JobsdError } from '../../../src/errors.ts';
import type { Random } from './random.ts';
import type { SimClock, TimerOwner } from './sim-clock.ts';

/** Where a process can be killed: each place at which it waits for something outside. */
export type KillPoint =
  | 'read'
  | 'commit-asked'
  | 'commit-durable'
  | 'commit-told'
  | 'host-asked'
  | 'host-started'
  | 'host-ended';

export interface SimStoreOptions {
  readonly clock: SimClock;
  readonly random: Random;
  /** Called at each point; the owner may be dead after it. */
  readonly at: (point: KillPoint) => void;
  /** These changes are on disk from now on. */
  readonly onDurable: (changes: readonly Change[]) => void;
}

const noSpace = new JobsdError('JOBSD_BACKEND_UNWRITABLE', 'No space left on device.');

/**
 * A disk. What is asked to be written is on it some time later, and the process is told later still:
 * killed in between, it loses the first and never hears of the second. Outlives every process.
 */
export class SimStore {
  readonly disk: MemoryBackend;
  isFull = false;
  /** How long a commit takes, about. */
  slownessMs = 3;
  private readonly options: SimStoreOptions;
  private lastDurableMs = 0;
  private lastToldMs = 0;
  private failureToldMs = -1;

  constructor(options: SimStoreOptions) {
    this.options = options;
    this.disk = openMemoryBackend({ clock: options.clock.of({ isAlive: true }) }) as MemoryBackend;
  }

  /** The store as one process has it open. */
  openFor(owner: TimerOwner): Backend {
    const { disk } = this;
    const read = <Result>(from: () => Promise<Result>) => this.read(owner, from);
    return {
      kind: 'memory',
      keyValues: disk.keyValues,
      commit: (changes) => this.commit(owner, changes),
      jobStates: () => read(() => disk.jobStates()),
      unfinishedRuns: () => read(() => disk.unfinishedRuns()),
      definition: (key) => read(() => disk.definition(key)),
      run: (id) => read(() => disk.run(id)),
      runs: (query) => read(() => disk.runs(query)),
      latestRuns: () => read(() => disk.latestRuns()),
      logs: (id) => read(() => disk.logs(id)),
      prune: (options) => read(() => disk.prune(options)),
      async close() {},
    };
  }

  private commit(owner: TimerOwner, changes: readonly Change[]): Promise<CommitResult> {
    const { promise, resolve, reject } = Promise.withResolvers<CommitResult>();
    const { clock, random } = this.options;
    this.options.at('commit-asked');
    if (!owner.isAlive) return promise;
    const asked = [...changes];
    const askedMs = clock.monotonic();
    // Commits become durable, and are told, in the order in which they were asked for.
    this.lastDurableMs = Math.max(askedMs + random.between(0, this.slownessMs), this.lastDurableMs);
    const toldMs = this.lastDurableMs + random.between(0, this.slownessMs);
    this.lastToldMs = Math.max(toldMs, this.lastToldMs);
    const tellInMs = this.lastToldMs - this.lastDurableMs;
    const write = () => {
      // What was asked for before a failure was heard of fails with it, so that order is kept.
      if (this.isFull || askedMs <= this.failureToldMs) {
        this.failureToldMs = Math.max(this.failureToldMs, clock.monotonic() + tellInMs);
        clock.after(tellInMs, () => reject(noSpace), owner);
        return;
      }
      const result = this.disk.commit(asked);
      this.options.onDurable(asked);
      this.options.at('commit-durable');
      const tell = () => {
        this.options.at('commit-told');
        if (owner.isAlive) result.then(resolve, reject);
      };
      if (owner.isAlive) clock.after(tellInMs, tell, owner);
    };
    clock.after(this.lastDurableMs - askedMs, write, owner);
    return promise;
  }

  private read<Result>(owner: TimerOwner, from: () => Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.options.at('read');
    if (!owner.isAlive) return promise;
    const takesMs = this.options.random.chance(0.95) ? 0 : this.options.random.between(1, 20);
    const answer = () => void from().then(resolve, reject);
    this.options.clock.after(takesMs, answer, owner);
    return promise;
  }
}
