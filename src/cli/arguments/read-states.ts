import { InvalidArgumentError } from 'commander';
import { nearestName } from '../../config/nearest-name.ts';
import { type RunState, runStates } from '../../dispatch/run.ts';

/** The states in a list separated by commas. */
export function readStates(written: string): readonly RunState[] {
  return written.split(',').map((part) => {
    const name = part.trim();
    const state = runStates.find((each) => each === name);
    if (state !== undefined) return state;
    const nearest = nearestName(name, runStates);
    const hint = nearest === undefined ? '' : `Did you mean ${nearest}? `;
    throw new InvalidArgumentError(`${hint}The states are ${runStates.join(', ')}.`);
  });
}
