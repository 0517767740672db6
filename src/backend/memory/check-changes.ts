import type { Change } from '../backend.ts';
import { checkWholeNumber } from '../check-input.ts';

const numberFields = [
  'attempt',
  'nominalAt',
  'number',
  'plannedAt',
  'startedAt',
  'endedAt',
  'retryAt',
  'count',
  'lastNominalAt',
] as const;

/** Refuses with JOBSD_INPUT_INVALID what a store on disk would refuse, before anything is applied. */
export function checkChanges(changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind === 'record') checkNumbers(change.run);
    else if (change.kind === 'update') checkNumbers(change.fields);
    else if (change.kind === 'job-state') {
      checkWholeNumber('anchorAt', change.state.anchorAt);
      checkWholeNumber('cursorAt', change.state.cursorAt);
      checkWholeNumber('occurrences', change.state.occurrences);
    }
  }
}

function checkNumbers(
  fields: { readonly [Field in (typeof numberFields)[number]]?: number },
): void {
  for (const field of numberFields) {
    if (fields[field] !== undefined) checkWholeNumber(field, fields[field]);
  }
}
