import type { CancelTimer, Clock, Instant, Milliseconds } from '../../../src/clock/clock.ts';

/** Whose timer it is: the timers of a process that was killed never go off. */
export interface TimerOwner {
  readonly isAlive: boolean;
}

interface Timer {
  readonly dueMs: Milliseconds;
  readonly order: number;
  readonly owner: TimerOwner;
  callback: () => void;
}

/**
 * Wall and monotonic time of one machine. Time moves from timer to timer; after each one all
 * promises run to their end before the next goes off, so a world is the same each time.
 */
export class SimClock {
  private wallOffsetMs: number;
  private monotonicMs = 0;
  private readonly heap: Timer[] = [];
  private order = 0;
  private turns = 0;

  constructor(startAt: Instant) {
    this.wallOffsetMs = startAt;
  }

  readonly now = (): Instant => this.wallOffsetMs + this.monotonicMs;
  readonly monotonic = (): Milliseconds => this.monotonicMs;

  /** The clock as a process sees it. */
  of(owner: TimerOwner): Clock {
    return {
      now: this.now,
      monotonic: this.monotonic,
      after: (delayMs, callback) => this.after(delayMs, callback, owner),
    };
  }

  after(delayMs: Milliseconds, callback: () => void, owner: TimerOwner = always): CancelTimer {
    if (!(delayMs >= 0)) throw new RangeError(`a timer of ${delayMs} ms`);
    // What the real one does with a longer delay: it goes off at once.
    const tamedMs = delayMs > 2 ** 31 - 1 ? 1 : Math.ceil(delayMs);
    const timer = { dueMs: this.monotonicMs + tamedMs, order: this.order++, owner, callback };
    push(this.heap, timer);
    return () => {
      timer.callback = noCallback;
    };
  }

  /** Lets time pass until `endMs` of monotonic time. */
  async runUntil(endMs: Milliseconds): Promise<void> {
    await turnByTurn(() => this.turn(endMs));
    this.monotonicMs = Math.max(this.monotonicMs, endMs);
  }

  /** Lets the next timer go off; false when none is due until then. */
  private turn(endMs: Milliseconds): boolean {
    for (let timer = this.heap[0]; timer && timer.dueMs <= endMs; timer = this.heap[0]) {
      pop(this.heap);
      if (timer.callback === noCallback || !timer.owner.isAlive) continue;
      this.checkProgress(timer.dueMs);
      this.monotonicMs = Math.max(this.monotonicMs, timer.dueMs);
      timer.callback();
      return true;
    }
    return false;
  }

  /** A loop that never lets time pass would hang a real machine; here it ends the world. */
  private checkProgress(dueMs: Milliseconds): void {
    this.turns = dueMs > this.monotonicMs ? 0 : this.turns + 1;
    if (this.turns > 50_000) throw new Error(`time stands still at ${this.monotonicMs}`);
  }

  /** The wall clock jumps, or the machine was suspended: the same, seen from inside. */
  jump(byMs: Milliseconds): void {
    this.wallOffsetMs += byMs;
  }

  /** The process gets no turn for so long; timers that were due meanwhile go off late. */
  stall(durationMs: Milliseconds): void {
    this.monotonicMs += durationMs;
  }
}

const always: TimerOwner = { isAlive: true };
const noCallback = () => {};

// So many that the turn of the event loop around them costs little.
const turnsAtOnce = 256;

/**
 * Calls `step` until it gives false. Between two immediates Node lets all promises settle that can,
 * so each step finds the world at rest; asked for by the hundred, an immediate costs a fifth of an
 * `await` on the tick queue, and that is the price of every virtual timer.
 */
function turnByTurn(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const turn = () => {
      if (isOver) return;
      try {
        isOver = !step();
      } catch (error) {
        isOver = true;
        reject(error);
      }
    };
    const refill = () => {
      if (isOver) return resolve();
      for (let index = 0; index < turnsAtOnce; index++) setImmediate(turn);
      setImmediate(refill);
    };
    refill();
  });
}

const isBefore = (a: Timer, b: Timer) =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (!parent || !isBefore(timer, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let childIndex = 2 * index + 1;
    let child = heap[childIndex];
    const right = heap[childIndex + 1];
    if (child && right && isBefore(right, child)) {
      child = right;
      childIndex += 1;
    }
    if (!child || !isBefore(child, last)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
}
