export type Severity = 'error' | 'warning' | 'info';

/** A stretch of one line of one file. Lines and columns count from 1; columns count UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Exclusive; at least `column + 1`. */
  readonly endColumn: number;
}

/** A place with what is to be said at it, and its source line for the screen. */
export interface Label extends Place {
  readonly text?: string;
  /** The source line, cut to what a screen can show. Absent when the file cannot be read. */
  readonly source?: string;
  /** Column of the first character of `source`, where its beginning had to be cut too; else 1. */
  readonly sourceColumn?: number;
}

/**
 * A problem in a user's file. `message` names the thing; `rule` is the stable id to search for.
 * The first label is where the problem is, further ones where it comes from.
 */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly labels: readonly [Label, ...Label[]];
  /** The way out, in a sentence. */
  readonly help?: string;
  /** How many more of this rule in this file were found behind it, and are only counted. */
  readonly further?: number;
}
