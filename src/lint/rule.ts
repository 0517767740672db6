import type { Instant } from '../clock/clock.ts';
import type { Problem, ValuePath } from '../config/problem.ts';
import type { Snapshot } from '../config/snapshot.ts';

export interface LintContext {
  /** Absent where what is past does not matter: a daemon keeps one-time jobs that have run. */
  readonly now?: Instant;
  /** Whether a value stands in the file, or came from a default. */
  isDeclared(file: string, path: ValuePath): boolean;
}

/** Looks for one kind of valid but doubtful declaration. Gives warnings, never errors. */
export type LintRule = (snapshot: Snapshot, context: LintContext) => readonly Problem[];
