import type { ActiveRun } from './active-run.ts';

/** What stands in nobody's way but its own kind's: `untried` services are unknown, `own` need a host alone. */
export type Lane = 'known' | 'untried' | 'own';

const lanes: readonly Lane[] = ['known', 'untried', 'own'];

/** Runs without a host, oldest first in each lane. */
export class WaitingRuns {
  readonly #queues: Record<Lane, ActiveRun[]> = { known: [], untried: [], own: [] };

  get size(): number {
    return this.#queues.known.length + this.#queues.untried.length + this.#queues.own.length;
  }

  /** How many wait for a host alone. */
  get ownCount(): number {
    return this.#queues.own.length;
  }

  add(run: ActiveRun): void {
    this.#queues.known.push(run);
  }

  /** They had been handed over before all that wait now. */
  putBack(runs: readonly ActiveRun[]): void {
    this.#queues.known.unshift(...runs);
  }

  remove(run: ActiveRun): void {
    for (const lane of lanes) {
      this.#queues[lane] = this.#queues[lane].filter((other) => other !== run);
    }
  }

  takeAll(): ActiveRun[] {
    return lanes.flatMap((lane) => this.#queues[lane].splice(0));
  }

  /** Places what can be placed now. What a service's runs need changes: each is sorted in again. */
  place(laneOf: (run: ActiveRun) => Lane, tryPlace: (run: ActiveRun) => boolean): void {
    let hasMoved = this.size > 0;
    while (hasMoved) {
      hasMoved = false;
      for (const lane of lanes) hasMoved = this.#placeLane(lane, laneOf, tryPlace) || hasMoved;
    }
  }

  #placeLane(
    lane: Lane,
    laneOf: (run: ActiveRun) => Lane,
    tryPlace: (run: ActiveRun) => boolean,
  ): boolean {
    const queue = this.#queues[lane];
    let hasMoved = false;
    for (let run = queue[0]; run !== undefined; run = queue[0]) {
      const right = laneOf(run);
      if (right === lane && !tryPlace(run)) break;
      queue.shift();
      if (right !== lane) {
        this.#queues[right].push(run);
        hasMoved = true;
      }
    }
    return hasMoved;
  }
}
