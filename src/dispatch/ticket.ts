import type { RunRecord } from './run.ts';
import type { RunDefinition } from './run-definition.ts';

/** A run on its way: its record as last written, and the definition it was made with. */
export interface Ticket {
  readonly run: RunRecord;
  readonly definition: RunDefinition;
  /** Occurrences the schedule had produced when this run was made, itself included; 0 without one. */
  readonly runNumber: number;
  /** Rises with each ticket made: first come, first served. */
  readonly order: number;
}
