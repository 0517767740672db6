import { loadingModule } from '../protocol.ts';
import { add, compareExchange, load, store } from './intrinsics.ts';

const gateIndex = 0;
const currentIndex = 1;
const loadingIndex = 2;
const cellCount = 3;

/**
 * Decides, for every hand-over, whether it begins here or is taken back: one integer shared by
 * the main thread and the watchdog thread. Open, it holds the number of the last hand-over begun;
 * closed, the same number as `-n - 1`. Both sides move it only by compare-and-exchange, so a run
 * that the pool was told is not begun can never begin here later.
 */
export class RunGate {
  readonly #cells: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.#cells = new Int32Array(shared);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(cellCount * Int32Array.BYTES_PER_ELEMENT);
  }

  /** Main thread: whether hand-over `seq`, the next in order, may begin. */
  tryBegin(seq: number): boolean {
    return compareExchange(this.#cells, gateIndex, seq - 1, seq) === seq - 1;
  }

  /** Main thread: hand-overs up to `base` are settled elsewhere; the next to come is `base + 1`. */
  reopen(base: number): void {
    store(this.#cells, gateIndex, base);
  }

  /** Main thread: which hand-over's first synchronous part is being executed; 0 for none. */
  setCurrent(seq: number): void {
    store(this.#cells, currentIndex, seq);
  }

  /** Main thread: loading something holds the thread, and is not the fault of any run. */
  async whileLoading<T>(load: () => Promise<T>): Promise<T> {
    add(this.#cells, loadingIndex, 1);
    try {
      return await load();
    } finally {
      add(this.#cells, loadingIndex, -1);
    }
  }

  /** Watchdog: nothing begins until `reopen`. Gives the last hand-over that has begun. */
  close(): number {
    for (;;) {
      const seen = load(this.#cells, gateIndex);
      if (seen < 0) return -seen - 1;
      if (compareExchange(this.#cells, gateIndex, seen, -seen - 1) === seen) return seen;
    }
  }

  get lastBegun(): number {
    const seen = load(this.#cells, gateIndex);
    return seen < 0 ? -seen - 1 : seen;
  }

  /** For `ControlMessage`. */
  get current(): number {
    const current = load(this.#cells, currentIndex);
    return current === 0 && load(this.#cells, loadingIndex) > 0 ? loadingModule : current;
  }
}
