import { type Fault, type FaultHistory, type FaultKind, faultKinds } from '../history.ts';
import { checkOccurrences } from './check-occurrences.ts';
import { checkOverlap } from './check-overlap.ts';
import { checkPolicies } from './check-policies.ts';
import { checkRecords } from './check-records.ts';
import { checkStarts } from './check-starts.ts';
import { indexHistory } from './run-index.ts';

/** Compares outside log, ledger and oracle: everything that does not fit, sorted by kind. */
export function checkHistory(history: FaultHistory): Fault[] {
  const index = indexHistory(history);
  return [
    ...checkOccurrences(index),
    ...checkPolicies(index),
    ...checkStarts(index),
    ...checkOverlap(index),
    ...checkRecords(index),
  ].sort((a, b) => faultKinds.indexOf(a.kind) - faultKinds.indexOf(b.kind));
}

export function countFaults(faults: readonly Fault[]): Record<FaultKind, number> {
  const counts = Object.fromEntries(faultKinds.map((kind) => [kind, 0]));
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts as Record<FaultKind, number>;
}
