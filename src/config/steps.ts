/** Work in small portions. Between two of them whoever drives it may have others do theirs. */
export type Steps<Result> = Generator<void, Result, void>;

/** Called between two portions; what it gives, if anything, is waited for. */
export type Rest = () => Promise<void> | undefined;

/** All portions in one go. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** One portion after the other with rests between them; in one go for who gives none. */
export async function withRests<Result>(
  steps: Steps<Result>,
  rest: Rest | undefined,
): Promise<Result> {
  if (rest === undefined) return atOnce(steps);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const pause = rest();
    if (pause !== undefined) await pause;
  }
}
