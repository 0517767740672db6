import type { Milliseconds } from '../../../src/clock/clock.ts';
import type { RunId } from '../../../src/dispatch/run.ts';
import type { Executor, RunEnd, RunRequest } from '../../../src/host/executor.ts';
import type { Random } from './random.ts';
import type { SimClock, TimerOwner } from './sim-clock.ts';
import type { KillPoint } from './sim-store.ts';

export interface SimHostsOptions {
  readonly clock: SimClock;
  readonly owner: TimerOwner;
  readonly random: Random;
  readonly at: (point: KillPoint) => void;
  readonly typicalMs: (request: RunRequest) => Milliseconds;
  readonly onStarted: (request: RunRequest) => void;
  /** It is over, and whoever started it is told. Late repetitions are `isRepeated`. */
  readonly onEnded: (end: RunEnd, isRepeated: boolean) => void;
  readonly settle: (ends: readonly RunEnd[]) => void;
  readonly roomAgain: () => void;
}

interface UnderWay {
  readonly request: RunRequest;
  cancelTimer: () => void;
}

/** The service hosts of one life of the daemon: they die with it. */
export class SimHosts implements Executor {
  private readonly options: SimHostsOptions;
  private readonly underWay = new Map<RunId, UnderWay>();
  private ended: RunEnd[] = [];
  private isFull = false;
  private isClosed = false;
  private onEmpty: (() => void) | undefined;
  /** In a quiet world every run ends well at once. */
  isQuiet = false;

  constructor(options: SimHostsOptions) {
    this.options = options;
  }

  hasRoom(): boolean {
    return !this.isFull;
  }

  start(request: RunRequest): string {
    const { clock, owner } = this.options;
    this.options.at('host-asked');
    if (!owner.isAlive) return 'nowhere';
    this.options.onStarted(request);
    const end = this.planEnd(request);
    const timer = clock.after(end.afterMs, () => this.end(request.id, end.outcome), owner);
    this.underWay.set(request.id, { request, cancelTimer: timer });
    this.options.at('host-started');
    return 'host';
  }

  cancel(id: RunId): void {
    const running = this.underWay.get(id);
    if (!running) return;
    const { clock, owner, random } = this.options;
    clock.after(random.between(0, 2000), () => this.endIf(running, 'cancelled'), owner);
  }

  close(timeoutMs: Milliseconds): Promise<void> {
    this.isClosed = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.onEmpty = resolve;
    this.options.clock.after(timeoutMs, () => this.loseAll(), this.options.owner);
    this.tellWhenEmpty();
    return promise;
  }

  /** All hosts die at once. */
  loseAll(): void {
    for (const running of [...this.underWay.values()]) this.endIf(running, 'lost');
  }

  /** No room for new runs for a while: hosts are being replaced. */
  fillUp(durationMs: Milliseconds): void {
    this.isFull = true;
    this.options.clock.after(
      durationMs,
      () => {
        this.isFull = false;
        this.options.roomAgain();
      },
      this.options.owner,
    );
  }

  private planEnd(request: RunRequest): { afterMs: Milliseconds; outcome: RunEnd['outcome'] } {
    const { random } = this.options;
    if (this.isClosed) return { afterMs: 0, outcome: 'lost' };
    if (this.isQuiet) return { afterMs: 1, outcome: 'succeeded' };
    const typicalMs = this.options.typicalMs(request);
    const afterMs = Math.round(typicalMs * (0.2 + 1.6 * random.next()));
    if (afterMs >= request.timeoutMs) return { afterMs: request.timeoutMs, outcome: 'timed-out' };
    const outcome = random.weighted({
      succeeded: 80,
      failed: 12,
      'timed-out': 4,
      lost: 4,
    });
    return { afterMs, outcome };
  }

  private endIf(running: UnderWay, outcome: RunEnd['outcome']): void {
    const { id } = running.request;
    if (this.underWay.get(id) === running) this.end(id, outcome);
  }

  private end(id: RunId, outcome: RunEnd['outcome']): void {
    const running = this.underWay.get(id);
    if (!running) return;
    running.cancelTimer();
    this.underWay.delete(id);
    const { attempt } = running.request;
    this.report({ id, attempt, outcome, ...this.adviceFor(outcome) }, false);
    if (this.options.random.chance(0.03)) this.repeatLater(id, attempt);
    this.tellWhenEmpty();
  }

  private adviceFor(outcome: RunEnd['outcome']): Pick<RunEnd, 'retry'> {
    const { random } = this.options;
    if (outcome !== 'failed' || !random.chance(0.2)) return {};
    return { retry: random.chance(0.4) ? { never: true } : { afterMs: random.between(0, 90_000) } };
  }

  /** A word that comes twice, and the second time perhaps another one. */
  private repeatLater(id: RunId, attempt: number): void {
    const { clock, owner, random } = this.options;
    const outcome = random.pick(['succeeded', 'failed', 'lost'] as const);
    const end: RunEnd = { id, attempt, outcome };
    clock.after(random.magnitude(1, 1_200_000), () => this.report(end, true), owner);
  }

  /** Ends come one by one or several in one call. */
  private report(end: RunEnd, isRepeated: boolean): void {
    const { clock, owner, random } = this.options;
    this.options.onEnded(end, isRepeated);
    this.options.at('host-ended');
    if (!owner.isAlive) return;
    this.ended.push(end);
    if (this.ended.length > 1) return;
    clock.after(random.chance(0.7) ? 0 : random.between(1, 30), () => this.flush(), owner);
  }

  private flush(): void {
    this.options.settle(this.ended.splice(0));
  }

  private tellWhenEmpty(): void {
    if (this.isClosed && this.underWay.size === 0) this.onEmpty?.();
  }
}
