import type { Clock } from '../clock/clock.ts';
import { Host, type HostOwner, type HostRole } from './host.ts';
import type { HostEntry } from './host-entry.ts';
import { mayTake } from './may-take.ts';
import type { HostSetup } from './protocol.ts';
import type { ServiceProfiles } from './service-profiles.ts';

export interface FleetOptions {
  readonly entry: HostEntry;
  readonly root: string;
  readonly clock: Clock;
  readonly hosts: number;
  readonly hostConcurrency: number;
  readonly hostMemoryMb: number;
  readonly hostMaxRuns: number;
  readonly setup: Omit<HostSetup, 'warm'>;
}

// A host that has not answered for this long is replaced; it may come back, and is then let go.
const replaceAfterStallMs = 250;
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
  #isClosing = false;
  #isRestartSet = false;

  constructor(options: FleetOptions, owner: HostOwner, profiles: ServiceProfiles) {
    this.#options = options;
    this.#owner = owner;
    this.#profiles = profiles;
  }

  /** Starts what is missing of the shared hosts. */
  fill(): void {
    if (this.#isClosing || this.#isRestartSet) return;
    const missing = this.#options.hosts - this.#soundShared().length;
    for (let count = 0; count < missing; count += 1) this.#start('shared');
  }

  /** The host that should get a run of that service now; `undefined` when it has to wait. */
  hostFor(service: string): Host | undefined {
    const { hostConcurrency } = this.#options;
    if (this.#profiles.needsOwnHost(service)) return this.#ownHost();
    const estimate = this.#profiles.estimate(service);
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
    if (host.isRetiring || this.#isClosing) return this.dismissIfEmpty(host);
    if (host.role === 'own') return this.#dismissWhenIdle(host);
    for (const worn of this.all) if (worn.isWorn) this.#retire(worn);
    // It was replaced while it did not answer; the newcomer stays, for it has the cleaner past.
    if (host.handedCount > 0 && this.#soundShared().length > this.#options.hosts)
      this.#retire(host);
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
    else if (host.role === 'own' && host.runs.size === 0) this.#dismissWhenIdle(host);
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

  /** Shared hosts that can be counted on. */
  #soundShared(): Host[] {
    return [...this.all].filter(
      (host) =>
        host.role === 'shared' &&
        !host.isRetiring &&
        !host.isWorn &&
        host.stalledMs < replaceAfterStallMs,
    );
  }

  #ownHost(): Host | undefined {
    let count = 0;
    let isOneStarting = false;
    for (const host of this.all) {
      if (host.role !== 'own' || host.isRetiring) continue;
      if (host.isReady && host.runs.size === 0) return host;
      isOneStarting ||= host.isStarting;
      count += 1;
    }
    if (!isOneStarting && count < this.#options.hosts && !this.#isClosing) this.#start('own');
    return undefined;
  }

  #start(role: HostRole): void {
    const { entry, root, clock, hostMemoryMb: memoryMb, setup } = this.#options;
    this.#lastNumber += 1;
    // What was in the way of the last start may have been one of the modules.
    const warm = this.failedStarts > 0 ? [] : this.#profiles.known().slice(0, maxWarmServices);
    const host = new Host(
      {
        name: `host-${this.#lastNumber}`,
        role,
        clock,
        link: { entry, root, memoryMb },
        setup: { ...setup, warm: role === 'shared' ? warm : [] },
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
