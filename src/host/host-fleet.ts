import type { Clock } from '../clock/clock.ts';
import { Host, type HostOwner } from './host.ts';
import type { HostEntry } from './host-entry.ts';
import { mayTake } from './may-take.ts';
import type { HostSetup } from './protocol.ts';
import type { ServiceProfiles } from './service-profiles.ts';

export interface FleetOptions {
  readonly entry: HostEntry;
  readonly root: string;
  readonly cacheDirectory?: string;
  readonly clock: Clock;
  readonly hosts: number;
  /** Kept ready beyond them, to step in at once. */
  readonly spareHosts: number;
  readonly hostConcurrency: number;
  readonly hostMemoryMb: number;
  readonly hostMaxRuns: number;
  readonly setup: Omit<HostSetup, 'warm'>;
}

// A host that has not answered for this long is replaced; it may come back, and is then let go.
const replaceAfterStallMs = 250;
// Sooner when it was the last one that answered.
const replaceLastAfterStallMs = 20;
export const untriedPatienceMs = 30;
const ownHostIdleMs = 30_000;
const firstRestartDelayMs = 100;
const longestRestartDelayMs = 10_000;
const maxWarmServices = 50;

/** The hosts there are: the shared ones kept ready, and those that one service has to itself. */
export class HostFleet {
  readonly all = new Set<Host>();
  /** How many hosts in a row died before they were ready. */
  failedStarts = 0;
  readonly #options: FleetOptions;
  readonly #owner: HostOwner;
  readonly #profiles: ServiceProfiles;
  #lastNumber = 0;
  /** 1 while a run waits for a host of its own that has yet to start. */
  #ownWanted = 0;
  #isClosing = false;
  #isRestartSet = false;

  constructor(options: FleetOptions, owner: HostOwner, profiles: ServiceProfiles) {
    this.#options = options;
    this.#owner = owner;
    this.#profiles = profiles;
  }

  /** Sees to it that there are as many shared hosts as there should be, and a spare one. */
  fill(): void {
    if (this.#isClosing) return;
    // It may come back, and is let go then.
    for (const host of this.all) {
      if (host.role === 'shared' && !this.#isSound(host)) host.isWorn = true;
    }
    for (const host of this.all) {
      if (this.#missingShared() > 0 && host.role === 'spare' && host.isReady) host.role = 'shared';
    }
    if (this.#isRestartSet) return;
    const missing = this.#missingShared();
    // One after the other: what is only a reserve should not slow down what is waited for.
    const reserve = missing > 0 ? 0 : Math.max(this.#options.spareHosts, this.#ownWanted);
    const wanted = missing + reserve - this.#spares().length;
    for (let count = 0; count < wanted; count += 1) this.#start();
  }

  /** Whether all shared hosts are there and take work. */
  get isComplete(): boolean {
    return this.#missingShared() <= 0;
  }

  /** The host that should get a run of that service now; `undefined` when it has to wait. */
  hostFor(service: string, waitedMs: number): Host | undefined {
    const { hostConcurrency } = this.#options;
    if (this.#profiles.needsOwnHost(service)) return this.#ownHost();
    const estimate = this.#profiles.estimate(service);
    if (!this.#profiles.isKnown(service) && !this.#mayTry(waitedMs)) return undefined;
    let best: Host | undefined;
    for (const host of this.all) {
      if (host.role !== 'shared' || !mayTake(host, estimate, hostConcurrency)) continue;
      if (best === undefined || isFreer(host, best)) best = host;
    }
    return best;
  }

  /** Whether any shared host answers. */
  get isResponsive(): boolean {
    for (const host of this.all) if (host.role === 'shared' && host.isReady) return true;
    return false;
  }

  /** A host takes work (again): lets go those it replaces. */
  becameReady(host: Host): void {
    this.failedStarts = 0;
    if (host.isRetiring || this.#isClosing) return this.#retire(host);
    this.fill();
    if (this.#missingShared() > 0) return;
    for (const worn of this.all) if (worn.isWorn) this.#retire(worn);
  }

  /** A host does not answer. When it was the last one, its successor is already there. */
  stalled(): void {
    if (!this.isResponsive) this.#options.clock.after(replaceLastAfterStallMs, () => this.fill());
  }

  /** Has the hosts load a service before they are asked to run it. */
  becameKnown(service: string): void {
    for (const host of this.all) if (host.isReady && host.role !== 'own') host.warm(service);
  }

  handedOver(host: Host): void {
    if (host.handedCount === this.#options.hostMaxRuns) this.wearOut(host);
  }

  /** The host works on until its successor is ready. */
  wearOut(host: Host): void {
    if (host.isWorn || host.isRetiring) return;
    if (host.role === 'own') return this.#retire(host);
    host.isWorn = true;
    this.fill();
  }

  ranOut(host: Host): void {
    if (host.isRetiring) this.dismissIfEmpty(host);
    else if (host.role === 'own') this.#dismissWhenIdle(host);
  }

  exited(host: Host): void {
    this.all.delete(host);
    if (this.#isClosing) return;
    if (host.wasReady) return this.fill();
    this.failedStarts += 1;
    this.#fillLater();
  }

  /** Nothing is started any more; hosts end as they become empty. */
  close(): void {
    this.#isClosing = true;
    for (const host of this.all) this.#retire(host);
  }

  dismissIfEmpty(host: Host): void {
    if (host.runs.size === 0) host.dismiss();
  }

  #missingShared(): number {
    let missing = this.#options.hosts;
    for (const host of this.all) {
      const isCounted = host.role === 'shared' && !host.isRetiring && !host.isWorn;
      if (isCounted && this.#isSound(host)) missing -= 1;
    }
    return missing;
  }

  #spares(): Host[] {
    return [...this.all].filter((host) => host.role === 'spare' && !host.isRetiring);
  }

  #isSound(host: Host): boolean {
    return host.stalledMs < (this.isResponsive ? replaceAfterStallMs : replaceLastAfterStallMs);
  }

  /**
   * A service that has never ended a run may be one that never lets go: for a moment the last
   * host that answers is kept from it, in which a stuck one is noticed and another started.
   */
  #mayTry(waitedMs: number): boolean {
    if (this.#options.hosts === 1 || waitedMs >= untriedPatienceMs) return true;
    let safe = this.#spares().some((host) => host.isReady) ? 1 : 0;
    for (const host of this.all) {
      if (host.role === 'shared' && host.isReady && !host.unbegun.hasUnknown) safe += 1;
    }
    return safe > 1;
  }

  #ownHost(): Host | undefined {
    let count = 0;
    for (const host of this.all) {
      if (host.role !== 'own' || host.isRetiring) continue;
      if (host.isReady && host.runs.size === 0) return host;
      count += 1;
    }
    if (count >= this.#options.hosts) return undefined;
    const spare = this.#spares().find((host) => host.isReady);
    this.#ownWanted = spare === undefined ? 1 : 0;
    if (spare !== undefined) spare.role = 'own';
    this.fill();
    return spare;
  }

  #start(): void {
    const { entry, root, cacheDirectory, clock, hostMemoryMb: memoryMb, setup } = this.#options;
    this.#lastNumber += 1;
    // What was in the way of the last start may have been one of the modules.
    const warm = this.failedStarts > 0 ? [] : this.#profiles.known().slice(0, maxWarmServices);
    const host = new Host(
      {
        name: `host-${this.#lastNumber}`,
        clock,
        link: { entry, root, memoryMb, cacheDirectory },
        setup: { ...setup, warm },
      },
      this.#owner,
    );
    this.all.add(host);
  }

  #retire(host: Host): void {
    host.isRetiring = true;
    this.dismissIfEmpty(host);
  }

  #dismissWhenIdle(host: Host): void {
    const handed = host.handedCount;
    this.#options.clock.after(ownHostIdleMs, () => {
      if (host.handedCount === handed && host.runs.size === 0) host.dismiss();
    });
  }

  #fillLater(): void {
    if (this.#isRestartSet) return;
    this.#isRestartSet = true;
    const delayMs = firstRestartDelayMs * 2 ** Math.min(this.failedStarts - 1, 10);
    this.#options.clock.after(Math.min(delayMs, longestRestartDelayMs), () => {
      this.#isRestartSet = false;
      this.fill();
    });
  }
}

/** Fewer runs first; of equals the one that has had fewer, so that all stay warm. */
function isFreer(host: Host, other: Host): boolean {
  if (host.runs.size !== other.runs.size) return host.runs.size < other.runs.size;
  return host.handedCount < other.handedCount;
}
