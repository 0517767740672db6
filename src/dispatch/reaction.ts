import type { Reaction, RunEvent } from '../config/snapshot.ts';
import type { RunId, RunRecord, RunState } from './run.ts';
import type { RunDefinition } from './run-definition.ts';

/** Something that a run's end sets off. */
export interface DueReaction {
  readonly event: RunEvent;
  readonly target: Reaction;
  /**
   * Named after its cause and, after the first, the attempt that ended it: a crash and a second try
   * make the same record, and a dead run that is tried again by hand and ends again another one.
   */
  readonly id: RunId;
}

const eventOfState: Partial<Record<RunState, RunEvent>> = {
  succeeded: 'success',
  failed: 'failure',
  lost: 'failure',
  'timed-out': 'timeout',
  missed: 'missed',
  skipped: 'skipped',
};

/**
 * What the job's `on` asks for at the end of this run. `recovery` is a success right after a run
 * that was none. A timeout counts as failure too where no reaction to `timeout` is declared.
 */
export function reactionsTo(
  definition: Pick<RunDefinition, 'on'>,
  run: RunRecord,
  wasFailing: boolean,
): DueReaction[] {
  const event = eventOfState[run.state];
  if (event === undefined) return [];
  const events: RunEvent[] = [event];
  if (event === 'timeout' && !definition.on.timeout) events[0] = 'failure';
  if (event === 'success' && wasFailing) events.push('recovery');
  return events.flatMap((due) => {
    const target = definition.on[due];
    if (!target) return [];
    const name = target.job ?? target.service ?? '';
    const attempt = run.attempt > 1 ? `-attempt-${run.attempt}` : '';
    return [{ event: due, target, id: `${name}@${due}-of-${run.id}${attempt}` }];
  });
}
