import { Socket } from 'node:net';
import { lineSplitter } from '../line-splitter.ts';
import { dataFd, type HostMessage, type PoolMessage } from '../protocol.ts';
import { parse, setImmediateNow, stringify, textIndexOf, textSlice } from './intrinsics.ts';

/** The main thread's connection to the pool. */
export class DataChannel {
  readonly #socket = new Socket({ fd: dataFd, readable: true, writable: true });
  readonly #beforeFlush: () => void;
  #pending = '';
  #isFlushSet = false;

  /** `beforeFlush` may queue what is to go along; it is called once for each turn with messages. */
  constructor(options: {
    onMessage: (message: PoolMessage) => void;
    onClosed: () => void;
    beforeFlush: () => void;
  }) {
    this.#beforeFlush = options.beforeFlush;
    this.#socket.setEncoding('utf8');
    this.#socket.on(
      'data',
      lineSplitter((line) => options.onMessage(parse(line) as PoolMessage), {
        maxLength: Number.POSITIVE_INFINITY,
        onTooLong: () => {},
        text: { indexOf: textIndexOf, slice: textSlice },
      }),
    );
    this.#socket.on('error', options.onClosed);
    this.#socket.on('close', options.onClosed);
  }

  /** Queues a message; all of a turn leave in one write. */
  send(message: HostMessage): void {
    this.sendEncoded(encode(message));
  }

  sendEncoded(line: string): void {
    this.#pending += line;
    this.#pending += '\n';
    this.flushSoon();
  }

  /** Has `beforeFlush` called at the end of this turn, whether or not there is a message. */
  flushSoon(): void {
    if (this.#isFlushSet) return;
    this.#isFlushSet = true;
    setImmediateNow(() => {
      this.#isFlushSet = false;
      this.#beforeFlush();
      this.flush();
    });
  }

  /**
   * Writes at once. The kernel gets it before this returns, unless the channel is full: what a
   * service logged is at the pool even when its next statement never ends.
   */
  flush(): void {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#socket.write(text);
  }
}

/** Element by element: `Array.prototype.toJSON` of a service would otherwise change messages. */
function encode(message: HostMessage): string {
  let text = '[';
  for (let index = 0; index < message.length; index += 1) {
    const part: unknown = message[index];
    text += index === 0 ? '' : ',';
    text +=
      typeof part === 'object' && part !== null ? encodeObject(part) : (stringify(part) ?? 'null');
  }
  return `${text}]`;
}

function encodeObject(part: object): string {
  if (isList(part)) return encode(part as unknown as HostMessage);
  let text = '{';
  for (const key in part) {
    const value = (part as Record<string, unknown>)[key];
    if (value === undefined || typeof value === 'object' || typeof value === 'function') continue;
    text += text === '{' ? '' : ',';
    text += `${stringify(key)}:${stringify(value)}`;
  }
  return `${text}}`;
}

const isList = Array.isArray;
