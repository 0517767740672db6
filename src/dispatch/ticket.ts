import type { RunRecord } from './run.ts';
import type { RunDefinition } from './run-definition.ts';

/** A run on its way: its record as last written, and the definition it was made with. */
export interface Ticket {
  readonly run: RunRecord;
  readonly definition: RunDefinition;
  /** Rises with each ticket made: first come, first served. */
  readonly order: number;
}
