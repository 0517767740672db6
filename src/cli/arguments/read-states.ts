import { InvalidArgumentError } from 'commander';
import { nearestName } from '../../config/nearest-name.ts';
import { type RunState, runStates } from '../../dispatch/run.ts';

/** States of a run that ended without success: its work is still to be done. */
const dead: readonly RunState[] = ['failed', 'timed-out', 'cancelled', 'lost'];

/** The states in a list separated by commas; `dead` stands for all that ended without success. */
export function readStates(written: string): readonly RunState[] {
  return written.split(',').flatMap((part) => {
    const name = part.trim();
    if (name === 'dead') return dead;
    const state = runStates.find((each) => each === name);
    if (state !== undefined) return state;
    const nearest = nearestName(name, [...runStates, 'dead']);
    const hint = nearest === undefined ? '' : `Did you mean ${nearest}? `;
    throw new InvalidArgumentError(
      `${hint}The states are ${runStates.join(', ')}, and dead for failed, timed-out, cancelled, lost.`,
    );
  });
}
