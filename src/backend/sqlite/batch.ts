/**
 * What goes to the store's thread in one message. Numbers and strings travel apart because one typed
 * array and one array of strings cross a thread boundary about ten times faster than objects do.
 */
export interface Batch {
  /** Steps one after another, each begun by its `StepCode`; NaN stands for "none". */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Texts the numbers point to by index. */
  readonly strings: readonly string[];
  /** New entries of the table `texts`. */
  readonly texts: readonly (readonly [number, string])[];
  /** Wall time of sending, for what expires. */
  readonly now: number;
  /** Changes when a batch has failed: the store refuses the rest of an epoch after its first failure. */
  readonly epoch: number;
}

/**
 * Layout of each step in `Batch.numbers`, after its code:
 * record    owner, slot, mask, one value for each bit of the mask (`runColumns`)
 * update    owner, slot, attempt or NaN, mask, values as above
 * jobState  job, schedule key, anchor, cursor, occurrences, index of the pause's JSON or NaN
 * forgetJob job
 * renameJob from, to
 * definition key, index of the JSON
 * log       owner, slot, index of the JSON of the lines
 * set       index of key, index of value, expiry or NaN
 * delete    index of key
 * increment index of key, by
 * A slot below zero is text, at index -(slot + 1).
 */
export const StepCode = {
  record: 1,
  update: 2,
  jobState: 3,
  forgetJob: 4,
  renameJob: 5,
  definition: 6,
  log: 7,
  set: 8,
  delete: 9,
  increment: 10,
} as const;

/** What came of single steps, by the step's position in the batch; silence means done. */
export interface BatchResult {
  /** Steps that recorded nothing because the id was there. */
  readonly dropped: readonly number[];
  /** Answers of `delete` and `increment`; a text says why the step could not be done. */
  readonly answers: ReadonlyMap<number, boolean | number | string>;
}
