import { hostname } from 'node:os';
import type { Clock } from '../clock/clock.ts';
import { describeEvent, eventLevel, type LogLevel } from './describe-event.ts';
import { eventFields } from './event-fields.ts';
import type { DaemonEvent, Telemetry } from './events.ts';
import { type Color, createPaint } from './paint.ts';
import { printable } from './printable.ts';
import { redactDeep } from './redactor.ts';

export interface LogOptions {
  readonly stream: { write(text: string): unknown };
  /** JSON for programs, one short line for people. */
  readonly format: 'json' | 'text';
  readonly hasColor: boolean;
  /** Events of lesser levels are not written. */
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

type WriteEvent = (event: DaemonEvent, level: LogLevel) => void;

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Writes each event of at least this level as a line of a log. */
export async function logEvents(options: LogOptions): Promise<Telemetry> {
  const write = options.format === 'json' ? await jsonWriter(options) : textWriter(options);
  return {
    emit(event) {
      const level = eventLevel(event);
      if (level && ranks[level] >= ranks[options.level]) write(event, level);
    },
  };
}

/** Loads pino only here: who watches a terminal does not wait for it. */
async function jsonWriter({ stream, level, clock, redact }: LogOptions): Promise<WriteEvent> {
  const { pino } = await import('pino');
  const logger = pino(
    {
      level,
      // Not pino's own pid: events about a host have a `pid`, and a key must not come twice.
      base: { hostname: hostname() },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return (event, eventLevel) =>
    logger[eventLevel](redactDeep(eventFields(event), redact), redact(describeEvent(event)));
}

const marks: Readonly<Record<LogLevel, readonly [mark: string, color: Color]>> = {
  debug: ['·', 'dim'],
  info: ['-', 'blue'],
  warn: ['!', 'yellow'],
  error: ['✗', 'red'],
};

function textWriter({ stream, hasColor, clock, redact }: LogOptions): WriteEvent {
  const paint = createPaint(hasColor);
  return (event, level) => {
    const isSuccess = event.kind === 'run-ended' && event.outcome === 'succeeded';
    const [mark, color] = isSuccess ? (['✓', 'green'] as const) : marks[level];
    const [first = '', ...rest] = printable(redact(describeEvent(event))).split('\n');
    const indent = ' '.repeat(11);
    stream.write(
      `${paint.dim(localTime(clock.now()))} ${paint[color](mark)} ${first}\n${rest.map((line) => `${indent}${line}\n`).join('')}`,
    );
  };
}

function localTime(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
