import type { Executor } from '../host/executor.ts';
import type { ActiveRun } from './active-runs.ts';
import type { Step } from './step.ts';

/** Ends a run that is under way; written as well, so that a restart meanwhile does not try it again. */
export function cancelRunning(active: ActiveRun, step: Step, executor: Executor): void {
  const { ticket, cancelReason = 'cancelled' } = active;
  const { id, attempt } = ticket.run;
  step.changes.push({ kind: 'update', id, ifAttempt: attempt, fields: { reason: cancelReason } });
  executor.cancel(id, cancelReason);
}
