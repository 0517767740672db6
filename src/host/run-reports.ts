import type { LogLine, RunId } from '../dispatch/run.ts';
import type { ExecutorEvents, RunEnd } from './executor.ts';
import { redactJson } from './redact-json.ts';

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
      this.tell();
    });
  }

  tell(): void {
    const lines = this.#lines;
    const ends = this.#ends;
    if (lines.size > 0) this.#lines = new Map();
    if (ends.length > 0) this.#ends = [];
    for (const [id, lineList] of lines) this.#events.logged(id, lineList);
    if (ends.length > 0) this.#events.ended(ends);
    if (this.#hasRoomAgain()) this.#events.roomAgain();
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
