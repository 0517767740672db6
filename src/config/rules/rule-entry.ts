/** What there is to know of one rule: the id that stands in brackets in a finding. */
export interface RuleEntry {
  readonly id: string;
  /** One sentence: what is wrong, and why it matters. */
  readonly meaning: string;
  /** A whole file that breaks the rule. Absent where one file alone cannot. */
  readonly example?: string;
  /** What to do, in a sentence. */
  readonly wayOut: string;
}
