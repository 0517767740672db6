import type { Clock } from '../clock/clock.ts';
import type { ActiveRun } from './active-run.ts';
import { HandOvers } from './hand-overs.ts';
import { type HostExit, HostLink, type HostLinkOptions } from './host-link.ts';
import { type ProcessorUse, processorUse } from './processor-use.ts';
import {
  type ControlMessage,
  type HostCall,
  type HostMessage,
  type HostSetup,
  loadingModule,
} from './protocol.ts';
import { runQueueDelayMs } from './run-queue-delay.ts';
import type { RunEstimate } from './service-profiles.ts';

/** What the pool wants to know of its hosts. */
export interface HostOwner {
  /** It takes hand-overs: at first, and again after it did not answer for a while. */
  ready(host: Host): void;
  begun(run: ActiveRun): void;
  ended(run: ActiveRun, message: Extract<HostMessage, readonly ['e', ...unknown[]]>): void;
  logged(message: Extract<HostMessage, readonly ['l', ...unknown[]]>): void;
  asked(host: Host, run: ActiveRun, call: number, request: HostCall): void;
  /** These have not begun in that host and never will. */
  takenBack(host: Host, runs: readonly ActiveRun[]): void;
  /** It has not answered for long; `culprit` is known when a service holds its thread. */
  stalled(host: Host, culprit: ActiveRun | undefined): void;
  /** A service changed what is shared in it. */
  tainted(host: Host): void;
  measuredMemory(host: Host, rssBytes: number): void;
  exited(host: Host, exit: HostExit): void;
}

/** `spare` hosts get no runs; `own` ones have one run at a time. */
export type HostRole = 'spare' | 'shared' | 'own';

// A hand-over not begun after so long goes to another host. Far above what a responsive host
// needs, and below what a job's lateness may be.
const acknowledgeWithinMs = 8;
const maxPatienceDoublings = 7;
// A host that gets no processor is given so long.
const starvedPatienceMs = 100;
// A watchdog thread that does not answer for so long means a frozen process.
const watchdogWithinMs = 5000;
// A service that keeps the thread for longer is a bad neighbour.
const blameAfterMs = 100;

/** One service host as the pool sees it. */
export class Host {
  readonly name: string;
  role: HostRole = 'spare';
  /** Runs handed over and not ended, by number, oldest first. */
  readonly runs = new Map<number, ActiveRun>();
  /** Those of them that wait for another service. */
  readonly invoking = new Set<ActiveRun>();
  /** Gets nothing more and ends when it is empty. */
  isRetiring = false;
  /** To be retired as soon as its successor is ready. */
  isWorn = false;
  handedCount = 0;
  wasReady = false;
  /** Why the pool has killed it. */
  killedFor: string | undefined;
  readonly #clock: Clock;
  readonly #owner: HostOwner;
  readonly #link: HostLink;
  #state: 'starting' | 'ready' | 'stalled' | 'gone' = 'starting';
  #stalledAt = 0;
  #starvedMsAtStall = 0;
  #lastSeq = 0;
  readonly #unbegun: HandOvers;
  #isWatchingHandOvers = false;
  #isPingOpen = false;

  constructor(
    options: {
      name: string;
      clock: Clock;
      link: HostLinkOptions;
      setup: HostSetup;
    },
    owner: HostOwner,
  ) {
    this.name = options.name;
    this.#clock = options.clock;
    this.#owner = owner;
    this.#unbegun = new HandOvers(options.clock);
    this.#link = new HostLink(options.link, {
      message: (message) => this.#receive(message),
      control: (message) => this.#control(message),
      exited: (exit) => this.#exited(exit),
    });
    this.#link.send(['init', options.setup]);
  }

  get pid(): number {
    return this.#link.pid;
  }

  get isReady(): boolean {
    return this.#state === 'ready' && !this.isRetiring;
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  /** How long it has not answered though it had a processor; 0 when it answers. */
  get stalledMs(): number {
    if (this.#state !== 'stalled') return 0;
    const starvedMs = runQueueDelayMs(this.pid) - this.#starvedMsAtStall;
    return this.#clock.monotonic() - this.#stalledAt - starvedMs;
  }

  /** Hand-overs of which it is not known that they have begun. */
  get unbegun(): Pick<HandOvers, 'count' | 'costMs' | 'hasUnknown'> {
    return this.#unbegun;
  }

  /** Places taken: runs under way that wait for no other service, and long ones on their way. */
  get seatsTaken(): number {
    return this.runs.size - this.#unbegun.count - this.invoking.size + this.#unbegun.longCount;
  }

  handOver(run: ActiveRun, estimate: RunEstimate): void {
    this.#lastSeq += 1;
    this.handedCount += 1;
    const seq = this.#lastSeq;
    const { request } = run;
    run.seat = { seq, host: this, estimate };
    this.runs.set(seq, run);
    this.#unbegun.add(run);
    this.#watchHandOvers();
    const { id, attempt, service, payload, cid, channel, job } = request;
    this.#link.send(['s', seq, id, attempt, service, payload ?? null, cid, channel, job ?? null]);
  }

  warm(service: string): void {
    this.#link.send(['w', service]);
  }

  abort(seq: number, reason: string): void {
    this.#link.send(['a', seq, reason]);
  }

  reply(call: number, ok: boolean, value: unknown): void {
    this.#link.send(['r', call, ok, value]);
  }

  /** Asks how it is: memory, and whether its main thread still turns. */
  checkUp(): void {
    this.#link.ask('p');
    if (this.#isPingOpen && this.#state === 'ready') this.#stall();
    else if (!this.#isPingOpen && this.#state === 'ready') {
      this.#isPingOpen = true;
      this.#link.send(['p']);
    }
  }

  /** Lets it end by itself; for a host without runs. One that does not is killed. */
  dismiss(): void {
    this.isRetiring = true;
    this.#link.send(['x']);
    this.#clock.after(500, () => this.kill());
  }

  /** Ends it at once, with everything it has forked. The first reason stands. */
  kill(reason = 'It was ended.'): void {
    if (this.#state === 'gone') return;
    this.killedFor ??= reason;
    this.#link.kill();
  }

  #receive(message: HostMessage): void {
    switch (message[0]) {
      case 'e':
        return this.#ended(message);
      case 'b':
        return this.#begun(message[1], undefined);
      case 'l':
        return this.#owner.logged(message);
      case 'c':
        return this.#asked(message[1], message[2], message[3]);
      case 'p':
        this.#isPingOpen = false;
        return;
      case 'o':
      case 'ready':
        this.#state = 'ready';
        this.wasReady = true;
        this.#isPingOpen = false;
        return this.#owner.ready(this);
      case 't':
        return this.#owner.tainted(this);
      default:
        this.kill();
    }
  }

  #control(message: ControlMessage): void {
    if (message[0] === 'r') return this.#takeBack(message[1]);
    this.#owner.measuredMemory(this, message[1]);
    const [, , , current] = message;
    if (this.#state !== 'stalled' || current === loadingModule) return;
    const { stalledMs } = this;
    if (stalledMs >= blameAfterMs) this.#owner.stalled(this, this.runs.get(current));
  }

  #ended(message: Extract<HostMessage, readonly ['e', ...unknown[]]>): void {
    const run = this.runs.get(message[1]);
    if (run === undefined) return;
    this.#begun(message[1], run);
    this.runs.delete(message[1]);
    this.invoking.delete(run);
    this.#owner.ended(run, message);
  }

  #asked(call: number, seq: number, request: HostCall): void {
    const run = this.runs.get(seq);
    if (run !== undefined) this.#owner.asked(this, run, call, request);
  }

  /** Hand-overs begin in order: one number says it of all up to it. */
  #begun(seq: number, ended: ActiveRun | undefined): void {
    for (const run of this.#unbegun.takeUpTo(seq)) if (run !== ended) this.#owner.begun(run);
  }

  #watchHandOvers(): void {
    const { oldest } = this.#unbegun;
    if (this.#isWatchingHandOvers || oldest === undefined) return;
    this.#isWatchingHandOvers = true;
    // A run that was moved before gets more time: on a machine so busy that no host begins anything
    // at once it would otherwise be moved about for ever.
    const patienceMs = acknowledgeWithinMs * 2 ** Math.min(oldest.moves, maxPatienceDoublings);
    const before = processorUse(this.pid);
    this.#clock.after(Math.max(2, patienceMs - this.#unbegun.waitedMs), () => {
      if (this.#unbegun.waitedMs < patienceMs) return this.#lookAtHandOvers(undefined, false);
      const unmoved = this.#unbegun.oldest;
      // Timers come before the channels in a turn: after a long one its word may be there, unread.
      setImmediate(() =>
        setImmediate(() => {
          this.#lookAtHandOvers(unmoved, this.#isStarved(before, patienceMs));
        }),
      );
    });
  }

  #lookAtHandOvers(unmoved: ActiveRun | undefined, isStarved: boolean): void {
    this.#isWatchingHandOvers = false;
    if (this.#state !== 'ready') return;
    const isStuck = unmoved !== undefined && unmoved === this.#unbegun.oldest && !isStarved;
    if (isStuck) this.#stall();
    else this.#watchHandOvers();
  }

  /** On a machine so busy that the host got no processor another one would get none either. */
  #isStarved(before: ProcessorUse | undefined, patienceMs: number): boolean {
    const now = processorUse(this.pid);
    if (before === undefined || now === undefined || !now.isRunnable) return false;
    const hadItsChance = now.ranMs - before.ranMs >= patienceMs / 2;
    return !hadItsChance && this.#unbegun.waitedMs < starvedPatienceMs;
  }

  #stall(): void {
    this.#state = 'stalled';
    this.#stalledAt = this.#clock.monotonic();
    this.#link.ask('r');
    this.#starvedMsAtStall = runQueueDelayMs(this.pid);
    const stalledAt = this.#stalledAt;
    const isSame = (): boolean => this.#state === 'stalled' && this.#stalledAt === stalledAt;
    this.#clock.after(watchdogWithinMs, () => {
      if (isSame() && this.#unbegun.count > 0) this.kill('Its watchdog did not answer.');
    });
    this.#lookWhileStalled(isSame);
  }

  #lookWhileStalled(isSame: () => boolean): void {
    this.#clock.after(blameAfterMs, () => {
      if (!isSame()) return;
      this.#link.ask('p');
      this.#lookWhileStalled(isSame);
    });
  }

  /** The gate in the host is closed behind `lastBegun`: what comes after it can go elsewhere. */
  #takeBack(lastBegun: number): void {
    this.#begun(lastBegun, undefined);
    const runs = this.#unbegun.takeAll();
    for (const run of runs) {
      if (run.seat !== undefined) this.runs.delete(run.seat.seq);
      run.seat = undefined;
    }
    this.#link.send(['o', this.#lastSeq]);
    this.#owner.takenBack(this, runs);
  }

  #exited(exit: HostExit): void {
    this.#state = 'gone';
    this.#owner.exited(this, exit);
  }
}
