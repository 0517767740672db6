import type { Milliseconds } from '../clock/clock.ts';
import { ownTimers } from '../clock/own-timers.ts';
import type { LogLine, RunError, RunId } from '../dispatch/run.ts';
import { type ErrorCode, JobsdError } from '../errors.ts';
import { type ActiveRun, activeRun } from './active-run.ts';
import type { RunEnd, RunRequest } from './executor.ts';
import type { Host, HostOwner } from './host.ts';
import { HostCalls } from './host-calls.ts';
import { hostEntry } from './host-entry.ts';
import { HostFleet } from './host-fleet.ts';
import type { HostExit } from './host-link.ts';
import type { HostPool, HostPoolOptions, HostView } from './host-pool.ts';
import { Placement } from './placement.ts';
import type { HostSetup } from './protocol.ts';
import { RunDeadlines } from './run-deadlines.ts';
import { deathEnd, earlyEnd, hostDeath, hostDied, refusedEnd, reportedEnd } from './run-ends.ts';
import { RunReports } from './run-reports.ts';
import { ServiceProfiles } from './service-profiles.ts';

const checkUpEveryMs = 200;
const giveUpAfterStarts = 5;
const bytesPerMb = 1024 * 1024;

/** The pool behind `openHostPool`: joins the runs with the hosts they are in. */
export class RunningPool implements HostPool, HostOwner {
  readonly #options: HostPoolOptions;
  readonly #profiles = new ServiceProfiles();
  readonly #fleet: HostFleet;
  readonly #deadlines: RunDeadlines;
  readonly #calls: HostCalls;
  readonly #reports: RunReports;
  readonly #active = new Map<RunId, ActiveRun>();
  readonly #placement: Placement;
  #wasFull = false;
  #isClosing = false;
  #isCheckUpSet = false;
  readonly #opened = Promise.withResolvers<void>();
  /** Hosts that are gone, and of which processes may be left. */
  readonly #sweeps = new Set<Promise<void>>();
  readonly #closed = Promise.withResolvers<void>();

  constructor(given: HostPoolOptions) {
    const timers = ownTimers(given.clock);
    void this.#closed.promise.then(timers.cancelAll);
    const options = { ...given, clock: timers.clock };
    this.#options = options;
    const { clock, keyValues, invoke, events, redact } = options;
    this.#fleet = new HostFleet(fleetOptions(options), this, this.#profiles);
    const [fleet, profiles] = [this.#fleet, this.#profiles];
    this.#placement = new Placement({ fleet, profiles, clock, counts: options });
    this.#deadlines = new RunDeadlines(clock, (run) => this.#killFor(run));
    this.#calls = new HostCalls(keyValues, invoke, () => this.#reports.tellSoon());
    this.#reports = new RunReports(events, redact, () => this.#isRoomNew());
    this.#fleet.fill();
    if (this.#fleet.isComplete) this.#opened.resolve();
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  hasRoom(service: string): boolean {
    const hasRoom = !this.#isClosing && this.#placement.hasRoom(service);
    if (!hasRoom) this.#wasFull = true;
    return hasRoom;
  }

  start(request: RunRequest): string {
    const run = activeRun(request, this.#options.clock.monotonic());
    this.#active.set(request.id, run);
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      this.#finish(run, refusedEnd(run, refusal));
      return '';
    }
    this.#placement.add(run);
    this.#checkUpLater();
    return run.seat?.host.name ?? '';
  }

  cancel(id: RunId, reason: string): void {
    const run = this.#active.get(id);
    if (run === undefined || run.ending !== undefined) return;
    run.ending = { outcome: 'cancelled', reason };
    if (run.seat !== undefined) this.#deadlines.end(run, 'cancelled', reason);
    else this.#finishWaiting(run);
  }

  hosts(): readonly HostView[] {
    return [...this.#fleet.all].map((host) => ({
      name: host.name,
      pid: host.pid,
      runs: host.runs.size,
    }));
  }

  retire(): Promise<void> {
    this.#isClosing = true;
    this.#endHostsWhenDone();
    return this.#closed.promise;
  }

  async close(timeoutMs: Milliseconds): Promise<void> {
    const cancelTimer = this.#options.clock.after(timeoutMs, () => this.#killAll());
    await this.retire();
    cancelTimer();
    this.#reports.tell();
  }

  ready(host: Host): void {
    this.#fleet.becameReady(host);
    this.#options.events.hostStarted?.({ name: host.name, pid: host.pid });
    if (this.#fleet.isComplete) this.#opened.resolve();
    this.#placement.place();
    this.#reports.tellSoon();
  }

  begun(run: ActiveRun): void {
    this.#deadlines.begun(run);
    if (this.#isClosing) this.#endHostsWhenDone();
  }

  ended(run: ActiveRun, message: Parameters<HostOwner['ended']>[1]): void {
    const { service } = run.request;
    const isNew = !this.#profiles.isKnown(service);
    this.#profiles.measured(service, message[3], message[4]);
    if (isNew && message[2] === 'succeeded') this.#fleet.becameKnown(service);
    const host = run.seat?.host;
    this.#finish(run, reportedEnd(run, message));
    if (host !== undefined && host.runs.size === 0) this.#fleet.ranOut(host);
    this.#placement.place();
  }

  logged([, id, at, level, text]: Parameters<HostOwner['logged']>[0]): void {
    const line: LogLine = { at, level, text };
    this.#reports.log(id, line);
  }

  asked(...[host, run, call, request]: Parameters<HostOwner['asked']>): void {
    this.#calls.answer(host, run, call, request);
  }

  takenBack(_host: Host, runs: readonly ActiveRun[]): void {
    const returned = runs.filter((run) => run.ending === undefined);
    this.#placement.putBack(returned);
    this.#fleet.stalled();
    for (const run of runs) if (run.ending !== undefined) this.#finishWaiting(run);
    this.#placement.place();
  }

  stalled(host: Host, culprit: ActiveRun | undefined): void {
    const suspects = [...host.runs.values()];
    const known = culprit ?? (suspects.length === 1 ? suspects[0] : undefined);
    if (known !== undefined) this.#profiles.blamed(known.request.service);
    else for (const run of suspects) this.#profiles.suspected(run.request.service);
    this.#fleet.fill();
  }

  tainted(host: Host): void {
    this.#fleet.wearOut(host);
  }

  measuredMemory(host: Host, rssBytes: number): void {
    const { hostMemoryMb } = this.#options;
    // The heap is held to its limit by Node itself; around it are Node, buffers and the second thread.
    if (rssBytes > (hostMemoryMb * 1.25 + 128) * bytesPerMb) host.kill('memory');
    else if (rssBytes > (hostMemoryMb + 64) * bytesPerMb) this.#fleet.wearOut(host);
  }

  exited(host: Host, exit: HostExit): void {
    const { hostMemoryMb: memoryMb } = this.#options;
    const lost = [...host.runs.values()];
    const death = hostDeath(exit, { runs: lost.length, memoryMb, killedFor: host.killedFor });
    host.runs.clear();
    this.#sweeps.add(exit.swept);
    void exit.swept.then(() => this.#sweeps.delete(exit.swept));
    if (!host.isRetiring) this.#tellDeath(host, death.reason, lost);
    for (const run of lost) this.#finish(run, deathEnd(run, death));
    this.#fleet.exited(host);
    if (this.#fleet.failedStarts >= giveUpAfterStarts) this.#giveUp(death.reason);
    if (this.#isClosing) this.#endHostsWhenDone();
    this.#reports.tellSoon();
  }

  #tellDeath(host: Host, reason: string, lost: readonly ActiveRun[]): void {
    const { name, pid } = host;
    const ids = lost.map((run) => run.request.id);
    this.#options.events.hostDied?.({ name, pid }, reason, ids);
  }

  #refusal({ service }: RunRequest): RunError | undefined {
    if (this.#isClosing) return coded('JOBSD_DAEMON_STOPPING');
    if (!this.#options.services.has(service))
      return coded('JOBSD_SERVICE_NOT_FOUND', `"${service}"`);
    return undefined;
  }

  #isRoomNew(): boolean {
    if (!this.#wasFull || this.#isClosing) return false;
    this.#wasFull = false;
    return true;
  }

  #finish(run: ActiveRun, end: RunEnd): void {
    this.#deadlines.clear(run);
    this.#active.delete(run.request.id);
    this.#reports.end(end);
    if (this.#isClosing) this.#endHostsWhenDone();
  }

  #finishWaiting(run: ActiveRun): void {
    this.#placement.remove(run);
    this.#finish(run, earlyEnd(run) ?? refusedEnd(run, hostDied('No host could take the run.')));
  }

  #killFor(run: ActiveRun): void {
    const { id, service } = run.request;
    this.#profiles.blamed(service);
    run.seat?.host.kill(`It was ended because run "${id}" in it did not end when it had to.`);
  }

  #giveUp(reason: string): void {
    this.#opened.reject(new JobsdError('JOBSD_HOST_DIED', reason));
    for (const run of this.#placement.takeAll()) {
      this.#finish(run, refusedEnd(run, hostDied(`No host can be started. ${reason}`)));
    }
  }

  /** When closing: no run can need a new place any more, so each host may end when it is empty. */
  #endHostsWhenDone(): void {
    const hosts = [...this.#fleet.all];
    if (this.#placement.waitingCount > 0 || hosts.some((host) => host.unbegun.count > 0)) return;
    this.#fleet.close();
    if (this.#fleet.all.size > 0) return;
    void Promise.all(this.#sweeps).then(() => this.#closed.resolve());
  }

  #killAll(): void {
    const reason = 'The daemon stopped and did not wait any longer.';
    for (const run of this.#placement.takeAll()) {
      const { id, attempt } = run.request;
      this.#finish(run, { id, attempt, outcome: 'lost', error: hostDied(reason) });
    }
    for (const host of this.#fleet.all) host.kill(reason);
  }

  /** Looks after hosts as long as anything runs; an idle pool wakes up nobody. */
  #checkUpLater(): void {
    if (this.#isCheckUpSet) return;
    this.#isCheckUpSet = true;
    this.#options.clock.after(checkUpEveryMs, () => {
      this.#isCheckUpSet = false;
      for (const host of this.#fleet.all) if (host.runs.size > 0) host.checkUp();
      if (this.#active.size > 0) this.#checkUpLater();
    });
  }
}

function fleetOptions(options: HostPoolOptions) {
  const { hostConcurrency: concurrency, root } = options;
  const setup: Omit<HostSetup, 'warm'> = {
    root,
    concurrency,
    services: [...options.services.values()].map(
      ({ name, module, export: exported, input, endpoints }) => ({
        name,
        module,
        export: exported,
        ...(input !== undefined && { input }),
        ...(endpoints !== undefined && { endpoints }),
      }),
    ),
    endpoints: [...options.endpoints].map(([name, { type, settings }]) => ({
      name,
      type,
      settings,
    })),
  };
  return {
    ...options,
    spareHosts: options.spareHosts ?? 1,
    entry: options.entry ?? hostEntry(),
    setup,
  };
}

function coded(code: ErrorCode, detail?: string): RunError {
  const error = new JobsdError(code, detail);
  return { name: error.name, message: error.message, code: error.code };
}
