/**
 * Keys that make a run's effects recognisable: the run's id for the first effect of a kind, the id
 * with `.2`, `.3` ... for further ones. Another attempt of the run gives the same keys again. What
 * only reads always has the run's id and leaves the count alone.
 */
export class RunKeys {
  readonly #runId: string;
  readonly #taken = { rest: 0, smtp: 0 };

  constructor(runId: string) {
    this.#runId = runId;
  }

  next(kind: 'read' | 'rest' | 'smtp'): string {
    if (kind === 'read') return this.#runId;
    this.#taken[kind] += 1;
    const count = this.#taken[kind];
    return count === 1 ? this.#runId : `${this.#runId}.${count}`;
  }
}
