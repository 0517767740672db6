import type { Severity } from './finding.ts';

/** Where a value stands in a document: keys and indexes from its root. */
export type ValuePath = readonly (string | number)[];

/** A stretch of a file's text, in UTF-16 units. */
export interface TextStretch {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A key or value of a document, or a stretch inside a scalar. */
export interface ValueSpot {
  readonly file: string;
  readonly path: ValuePath;
  readonly part: 'key' | 'value';
  /** Inside the scalar's text, as YAML reads it. */
  readonly offset?: number;
  readonly length?: number;
}

export type Spot = TextStretch | ValueSpot;

/** A finding before lines and columns are known: those are looked up only where there are any. */
export interface Problem {
  readonly rule: string;
  /** `error` when absent. */
  readonly severity?: Severity;
  readonly message: string;
  readonly at: Spot;
  /** What stands beside the caret. */
  readonly note?: string;
  readonly related?: readonly { readonly at: Spot; readonly note: string }[];
  readonly help?: string;
  /** How many more of this rule in this file were found behind it, and are only counted. */
  readonly further?: number;
}

/** The name of an entry and the section it is in. */
export function entrySpot(file: string, section: string, name: string): ValueSpot {
  return { file, path: [section, name], part: 'key' };
}

export function valueSpot(file: string, ...path: (string | number)[]): ValueSpot {
  return { file, path, part: 'value' };
}

export function keySpot(file: string, ...path: (string | number)[]): ValueSpot {
  return { file, path, part: 'key' };
}
