import type { Clock } from '../clock/clock.ts';
import type { ActiveRun } from './active-run.ts';
import { type HostFleet, untriedPatienceMs } from './host-fleet.ts';
import type { ServiceProfiles } from './service-profiles.ts';
import { WaitingRuns } from './waiting-runs.ts';

// How many short runs per host may wait in the pool: what the time between two commits needs.
const shortRunsAhead = 500;

/** Gives runs their hosts, and says whether there is room for more. */
export class Placement {
  readonly #fleet: HostFleet;
  readonly #profiles: ServiceProfiles;
  readonly #clock: Clock;
  readonly #counts: { readonly hosts: number; readonly hostConcurrency: number };
  readonly #waiting = new WaitingRuns();
  #isRetrySet = false;

  constructor(options: {
    fleet: HostFleet;
    profiles: ServiceProfiles;
    clock: Clock;
    counts: { readonly hosts: number; readonly hostConcurrency: number };
  }) {
    this.#fleet = options.fleet;
    this.#profiles = options.profiles;
    this.#clock = options.clock;
    this.#counts = options.counts;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  add(run: ActiveRun): void {
    this.#waiting.add(run);
    this.place();
  }

  /** A host got stuck before it began them. */
  putBack(runs: readonly ActiveRun[]): void {
    for (const run of runs) run.moves += 1;
    this.#waiting.putBack(runs);
  }

  remove(run: ActiveRun): void {
    this.#waiting.remove(run);
  }

  takeAll(): ActiveRun[] {
    return this.#waiting.takeAll();
  }

  hasRoom(service: string): boolean {
    const { hosts, hostConcurrency } = this.#counts;
    let own = this.#waiting.ownCount;
    let shared = this.#waiting.size - own;
    for (const host of this.#fleet.all) {
      const count = host.runs.size - host.invoking.size;
      if (host.role === 'own') own += count;
      else shared += count;
    }
    if (this.#profiles.needsOwnHost(service)) return own < hosts;
    const ahead = this.#profiles.estimate(service).isShort ? shortRunsAhead : 0;
    return this.#fleet.isResponsive && shared < hosts * (hostConcurrency + ahead);
  }

  /** Hands over what waits, oldest first, as far as hosts may take it. */
  place(): void {
    this.#waiting.place(
      (run) => this.#profiles.lane(run.request.service),
      (run) => this.#tryPlace(run),
    );
    if (this.#waiting.size > 0) this.#placeLater();
  }

  /** An untried service is given a place by the time it has waited: nothing else may happen then. */
  #placeLater(): void {
    if (this.#isRetrySet) return;
    this.#isRetrySet = true;
    this.#clock.after(untriedPatienceMs, () => {
      this.#isRetrySet = false;
      this.place();
    });
  }

  #tryPlace(run: ActiveRun): boolean {
    const { service } = run.request;
    const host = this.#fleet.hostFor(service, this.#clock.monotonic() - run.acceptedAt);
    if (host === undefined) return false;
    host.handOver(run, this.#profiles.estimate(service));
    this.#fleet.handedOver(host);
    return true;
  }
}
