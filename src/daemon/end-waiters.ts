import type { RunId, RunRecord } from '../dispatch/run.ts';

type Resolve = (run: RunRecord | undefined) => void;

/** Those who wait for a run to end. */
export class EndWaiters {
  private readonly byRun = new Map<RunId, Set<Resolve>>();

  /** `ended` gives the record, or nothing once `giveUp` was called. */
  wait(id: RunId): { ended: Promise<RunRecord | undefined>; giveUp: () => void } {
    const { promise, resolve } = Promise.withResolvers<RunRecord | undefined>();
    const waiting = this.byRun.get(id) ?? new Set();
    this.byRun.set(id, waiting.add(resolve));
    const giveUp = () => {
      resolve(undefined);
      waiting.delete(resolve);
      if (waiting.size === 0 && this.byRun.get(id) === waiting) this.byRun.delete(id);
    };
    return { ended: promise, giveUp };
  }

  tell(run: RunRecord): void {
    const waiting = this.byRun.get(run.id);
    if (!waiting) return;
    this.byRun.delete(run.id);
    for (const resolve of waiting) resolve(run);
  }
}
