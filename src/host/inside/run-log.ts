import { formatWithOptions } from 'node:util';
import type { ServiceLogger } from '../../service/service-context.ts';
import { boundedText } from './bounded-error.ts';
import type { DataChannel } from './data-channel.ts';
import type { HostRun } from './host-run.ts';
import { now } from './intrinsics.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const maxLines = 1000;
const maxTotalLength = 256 * 1024;
const maxLineLength = 8 * 1024;
const format = formatWithOptions;

/** The lines of this host's runs, bounded per run, on their way to the pool. */
export class RunLog {
  readonly #channel: DataChannel;

  constructor(channel: DataChannel) {
    this.#channel = channel;
  }

  /** As `console.log` would show the arguments. Past the run's bound nothing is even formatted. */
  write(run: HostRun, level: LogLevel, parts: readonly unknown[]): void {
    if (run.logLines > maxLines) return;
    const isLast = run.logLines === maxLines || run.logLength > maxTotalLength;
    if (isLast) run.logLines = maxLines;
    const text = isLast ? 'This run logged too much: further lines are left out.' : shown(parts);
    run.logLines += 1;
    run.logLength += text.length;
    this.#channel.send(['l', run.handOver.id, now(), isLast ? 'warn' : level, text]);
    this.#channel.flush();
  }

  loggerOf(run: HostRun): ServiceLogger {
    return {
      debug: (...message) => this.write(run, 'debug', message),
      info: (...message) => this.write(run, 'info', message),
      warn: (...message) => this.write(run, 'warn', message),
      error: (...message) => this.write(run, 'error', message),
    };
  }
}

function shown(parts: readonly unknown[]): string {
  let text: string;
  try {
    text =
      parts.length === 1 && typeof parts[0] === 'string'
        ? parts[0]
        : format({ colors: false, maxStringLength: maxLineLength }, ...parts);
  } catch {
    text = 'A log line could not be formatted: an object in it throws.';
  }
  return boundedText(text, maxLineLength);
}
