import type { Instant, Milliseconds } from '../clock/clock.ts';
import type { GroupDefinition, ServiceDefinition } from '../config/snapshot.ts';
import { Backlog } from './backlog.ts';
import type { JobSituation } from './decide-overlap.ts';
import { type Rate, type RateSlice, RateWindow, startsOfSlices } from './rate-window.ts';
import type { Ticket } from './ticket.ts';

/** The limits in force, from the current snapshot. */
export interface Limits {
  readonly services: ReadonlyMap<string, Pick<ServiceDefinition, 'maxRunning'>>;
  readonly groups: ReadonlyMap<string, Pick<GroupDefinition, 'maxRunning' | 'rate'>>;
  /** Runs that all service hosts together take at once. */
  readonly hostCapacity: number;
  /** Services that run in the daemon itself take no place in a host. */
  readonly isInline: (service: string) => boolean;
}

/** Why a run may not start now: who must end first, or how long its group's rate makes it wait. */
export type Obstacle =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'rate'; readonly group: string; readonly waitMs: Milliseconds };

interface Counter {
  count: number;
}

/** Who occupies what: the count of runs under way by job, service and group. */
export class Occupancy {
  readonly backlog = new Backlog();
  private readonly byJob = new Map<string, Counter>();
  private readonly waitingByJob = new Map<string, Counter>();
  private readonly byService = new Map<string, Counter>();
  private readonly byGroup = new Map<string, Counter>();
  private readonly rates = new Map<string, RateWindow>();
  private changedRates = new Map<string, RateWindow>();
  private limits: Limits;
  private hosted = 0;
  /** How many other runs each attempt waits for that has lent its place in a host. */
  private readonly lent = new Map<Ticket, { count: number; readonly behind: Ticket }>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  setLimits(limits: Limits): void {
    this.limits = limits;
    for (const group of this.rates.keys()) {
      if (!limits.groups.get(group)?.rate) this.rates.delete(group);
    }
  }

  /** What the overlap policy of the job is asked about. */
  situation(job: string): JobSituation {
    return { active: this.active(job), waiting: this.waitingByJob.get(job)?.count ?? 0 };
  }

  /** Runs of the job under way, those between two attempts included. */
  active(job: string): number {
    return this.byJob.get(job)?.count ?? 0;
  }

  /** Whether the service's own limit, or the hosts, have no room for one more of it. */
  serviceIsFull(service: string): boolean {
    if (this.hosted >= this.limits.hostCapacity && !this.limits.isInline(service)) return true;
    const limit = this.limits.services.get(service)?.maxRunning;
    return limit !== undefined && (this.byService.get(service)?.count ?? 0) >= limit;
  }

  obstacle(ticket: Ticket, now: Instant): Obstacle | undefined {
    const { service, group } = ticket.definition;
    if (this.serviceIsFull(service)) return { kind: 'service', service };
    const limits = group === undefined ? undefined : this.limits.groups.get(group);
    if (group === undefined || !limits) return undefined;
    if (
      limits.maxRunning !== undefined &&
      (this.byGroup.get(group)?.count ?? 0) >= limits.maxRunning
    ) {
      return { kind: 'group', group };
    }
    if (!limits.rate) return undefined;
    const waitMs = this.rateOf(group, limits.rate).waitMs(now);
    return waitMs > 0 ? { kind: 'rate', group, waitMs } : undefined;
  }

  /** An attempt starts: it counts for its service and group. */
  start(ticket: Ticket, now: Instant): void {
    const { service, group } = ticket.definition;
    add(this.byService, service, 1);
    if (!this.limits.isInline(service)) this.hosted += 1;
    if (group === undefined) return;
    add(this.byGroup, group, 1);
    const rate = this.limits.groups.get(group)?.rate;
    if (!rate) return;
    const window = this.rateOf(group, rate);
    window.take(now);
    this.changedRates.set(group, window);
  }

  end(ticket: Ticket): void {
    const { service, group } = ticket.definition;
    add(this.byService, service, -1);
    if (this.lent.has(ticket)) this.forgetLent(ticket);
    else if (!this.limits.isInline(service)) this.hosted -= 1;
    if (group !== undefined) add(this.byGroup, group, -1);
  }

  /**
   * The attempt waits for another run, and its place in a host is free meanwhile: else services that
   * invoke each other could take all places and wait in them for one.
   */
  lend(ticket: Ticket): void {
    if (this.limits.isInline(ticket.definition.service)) return;
    const lent = this.lent.get(ticket);
    if (lent) {
      lent.count += 1;
      return;
    }
    this.hosted -= 1;
    // As it is now: a job that is renamed meanwhile leaves the backlog under the name it came with.
    const behind = { ...ticket };
    this.lent.set(ticket, { count: 1, behind });
    this.backlog.add(behind);
  }

  /** It has its answer. Does nothing for an attempt that has ended, or has its place. */
  takeBack(ticket: Ticket): void {
    const lent = this.lent.get(ticket);
    if (!lent) return;
    lent.count -= 1;
    if (lent.count > 0) return;
    this.forgetLent(ticket);
    this.hosted += 1;
  }

  /** A run gets under way, or has come to its end, for the overlap policy of its job. */
  enter(job: string): void {
    add(this.byJob, job, 1);
  }

  leave(job: string): void {
    add(this.byJob, job, -1);
  }

  wait(ticket: Ticket): void {
    add(this.waitingByJob, ticket.definition.name, 1);
    this.backlog.add(ticket);
  }

  waitNoMore(ticket: Ticket): void {
    add(this.waitingByJob, ticket.definition.name, -1);
    this.backlog.remove(ticket);
  }

  private forgetLent(ticket: Ticket): void {
    const lent = this.lent.get(ticket);
    if (lent) this.backlog.remove(lent.behind);
    this.lent.delete(ticket);
  }

  /** The windows in which something has started since this was asked last. */
  takeChangedRates(): readonly { readonly group: string; readonly slice: RateSlice }[] {
    if (this.changedRates.size === 0) return none;
    const changed = this.changedRates;
    this.changedRates = new Map();
    return [...changed].map(([group, window]) => ({ group, slice: window.latestSlice }));
  }

  /** Goes on with the window of an earlier life. False when the group has no rate (any more). */
  restoreRate(group: string, slices: readonly Omit<RateSlice, 'index'>[], now: Instant): boolean {
    const rate = this.limits.groups.get(group)?.rate;
    if (rate) this.rates.set(group, new RateWindow(rate, startsOfSlices(slices, rate, now)));
    return rate !== undefined;
  }

  /** A rate that was edited goes on with the starts of the old one: they count in any window. */
  private rateOf(group: string, rate: Rate): RateWindow {
    const known = this.rates.get(group);
    if (known?.fits(rate)) return known;
    const window = new RateWindow(rate, known?.remembered);
    this.rates.set(group, window);
    return window;
  }
}

const none: readonly never[] = [];

/** A counter stays in its map at 0: there are as many as names, and looking one up is one step. */
function add(counts: Map<string, Counter>, key: string, by: number): void {
  const counter = counts.get(key);
  if (counter) counter.count += by;
  else counts.set(key, { count: by });
}
