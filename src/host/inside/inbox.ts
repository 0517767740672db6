import type { DataChannel } from './data-channel.ts';
import type { HandOver } from './host-run.ts';
import { monotonic } from './intrinsics.ts';
import type { RunGate } from './run-gate.ts';

// Ends and acknowledgements leave at the end of a turn: a turn must not become long.
const sliceMs = 2;

/** Hand-overs that have arrived and wait for their begin, in the order of their numbers. */
export class Inbox {
  /** Runs at once. */
  concurrency = 1;
  readonly #gate: RunGate;
  readonly #channel: DataChannel;
  readonly #activeCount: () => number;
  readonly #begin: (handOver: HandOver) => void;
  #waiting: HandOver[] = [];
  #next = 0;
  #lastBegun = 0;
  #lastAcknowledged = 0;
  #sliceBeganAt: number | undefined;
  #isBeginning = false;

  constructor(options: {
    gate: RunGate;
    channel: DataChannel;
    activeCount: () => number;
    begin: (handOver: HandOver) => void;
  }) {
    this.#gate = options.gate;
    this.#channel = options.channel;
    this.#activeCount = options.activeCount;
    this.#begin = options.begin;
  }

  add(handOver: HandOver): void {
    this.#waiting[this.#waiting.length] = handOver;
    this.beginNext();
  }

  /** Begins what may begin now. Called by itself through a run that ends at once, it does nothing. */
  beginNext(): void {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    this.#sliceBeganAt ??= monotonic();
    while (this.#mayBegin(this.#sliceBeganAt)) this.#beginOne();
    this.#isBeginning = false;
    this.#channel.flushSoon();
  }

  /** Acknowledges with one number everything begun since the last turn. */
  endOfTurn(): void {
    if (this.#lastBegun > this.#lastAcknowledged) {
      this.#lastAcknowledged = this.#lastBegun;
      this.#channel.send(['b', this.#lastBegun]);
    }
    const wasCutShort = this.#sliceBeganAt !== undefined && this.#next < this.#waiting.length;
    this.#sliceBeganAt = undefined;
    if (wasCutShort) this.beginNext();
  }

  #mayBegin(sliceBeganAt: number): boolean {
    return (
      this.#next < this.#waiting.length &&
      this.#activeCount() < this.concurrency &&
      monotonic() - sliceBeganAt < sliceMs
    );
  }

  #beginOne(): void {
    const handOver = this.#waiting[this.#next];
    this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    // Refused means that the pool has taken it back and given it to another host.
    if (handOver === undefined || !this.#gate.tryBegin(handOver.seq)) return;
    this.#lastBegun = handOver.seq;
    this.#begin(handOver);
  }
}
