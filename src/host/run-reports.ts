import type { LogLine, RunId } from '../dispatch/run.ts';
import type { ExecutorEvents, RunEnd } from './executor.ts';
import { redactJson } from './redact-json.ts';

// What is told in one turn has a bound, so that much that ends at once does not keep the scheduler
// from what is due meanwhile: half a millisecond of work, or an eighth of what there is.
const endsPerTurn = 64;

/** Collects what is to be told about runs and tells it once per turn: log lines, ends, then room. */
export class RunReports {
  readonly #events: ExecutorEvents;
  readonly #redact: (text: string) => string;
  readonly #hasRoomAgain: () => boolean;
  #ends: RunEnd[] = [];
  #lines = new Map<RunId, LogLine[]>();
  #isSet = false;

  constructor(
    events: ExecutorEvents,
    redact: (text: string) => string,
    hasRoomAgain: () => boolean,
  ) {
    this.#events = events;
    this.#redact = redact;
    this.#hasRoomAgain = hasRoomAgain;
  }

  end(end: RunEnd): void {
    this.#ends.push(this.#redacted(end));
    this.tellSoon();
  }

  log(id: RunId, line: LogLine): void {
    const text = this.#redact(line.text);
    const kept = text === line.text ? line : { ...line, text };
    const lines = this.#lines.get(id);
    if (lines === undefined) this.#lines.set(id, [kept]);
    else lines.push(kept);
    this.tellSoon();
  }

  tellSoon(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    setImmediate(() => {
      this.#isSet = false;
      this.#tell(Math.max(endsPerTurn, this.#ends.length >> 3));
    });
  }

  /** Tells all there is to tell, at once. */
  tell(): void {
    this.#tell(Number.POSITIVE_INFINITY);
  }

  #tell(maxEnds: number): void {
    const lines = this.#lines;
    if (lines.size > 0) this.#lines = new Map();
    for (const [id, lineList] of lines) this.#events.logged(id, lineList);
    this.#tellEnds(maxEnds);
    if (this.#hasRoomAgain()) this.#events.roomAgain();
  }

  #tellEnds(maxEnds: number): void {
    const ends = this.#ends;
    if (ends.length === 0) return;
    this.#ends = ends.length > maxEnds ? ends.splice(maxEnds) : [];
    this.#events.ended(ends);
    if (this.#ends.length > 0) this.tellSoon();
  }

  #redacted(end: RunEnd): RunEnd {
    const { result, error } = end;
    if (result === undefined && error === undefined) return end;
    return {
      ...end,
      ...(result !== undefined && { result: redactJson(result, this.#redact) }),
      ...(error !== undefined && {
        error: {
          ...error,
          name: this.#redact(error.name),
          message: this.#redact(error.message),
          ...(error.code !== undefined && { code: this.#redact(error.code) }),
          ...(error.stack !== undefined && { stack: this.#redact(error.stack) }),
        },
      }),
    };
  }
}
