import type { SnapshotDiff } from '../config/diff-snapshots.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Engine } from './engine.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * Puts a snapshot in force. What is due until now is taken up before that, by those who asked for it:
 * its records name the revision and the commit that declared it, and old limits hold for it.
 */
export function putInForce(
  { engine, scheduler }: { readonly engine: Engine; readonly scheduler: Scheduler },
  next: { readonly snapshot: Snapshot; readonly commit?: string | undefined },
  diff: Pick<SnapshotDiff, 'jobs'>,
): void {
  scheduler.apply(next.snapshot, diff);
  engine.use(next.snapshot, next.commit);
}
