/** A problem in one text, before it is known which file the text is from. */
export interface TextProblem {
  readonly rule: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly note?: string;
  readonly related?: readonly {
    readonly start: number;
    readonly end: number;
    readonly note: string;
  }[];
  readonly help?: string;
  /** Whether the rest of the text can be read none the less. */
  readonly isLocal?: boolean;
}
