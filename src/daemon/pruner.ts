import type { Backend } from '../backend/backend.ts';
import type { CancelTimer, Clock, Milliseconds } from '../clock/clock.ts';
import type { DaemonSettings } from '../config/snapshot.ts';

export interface PrunerOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly settings: () => Pick<DaemonSettings, 'retentionDays' | 'retentionRuns'>;
  readonly onPruned: (records: number) => void;
  readonly onError: (error: unknown) => void;
}

const everyMs: Milliseconds = 60_000;
// Small steps with pauses: history is cleared while runs go on, and must not hold them up.
const stepSize = 500;
const pauseMs: Milliseconds = 20;
const dayMs: Milliseconds = 86_400_000;

/** Removes finished records that retention no longer keeps, a few at a time. */
export class Pruner {
  private readonly options: PrunerOptions;
  private cancel: CancelTimer | undefined;
  private isStopped = false;
  private removed = 0;

  constructor(options: PrunerOptions) {
    this.options = options;
    this.next(everyMs);
  }

  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  /** One step. Gives whether there is more to remove. */
  async pruneOnce(): Promise<boolean> {
    const { retentionDays, retentionRuns } = this.options.settings();
    const before = this.options.clock.now() - retentionDays * dayMs;
    const limit = stepSize;
    const removed = await this.options.backend.prune({ before, keep: retentionRuns, limit });
    this.removed += removed;
    return removed >= limit;
  }

  private next(delayMs: Milliseconds): void {
    if (this.isStopped) return;
    this.cancel = this.options.clock.after(delayMs, () => void this.step());
  }

  private async step(): Promise<void> {
    let hasMore = false;
    try {
      hasMore = await this.pruneOnce();
    } catch (error) {
      this.options.onError(error);
    }
    if (!hasMore && this.removed > 0) {
      this.options.onPruned(this.removed);
      this.removed = 0;
    }
    this.next(hasMore ? pauseMs : everyMs);
  }
}
