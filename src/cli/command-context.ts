import { resolve } from 'node:path';
import { createPaint, type Paint } from '../telemetry/paint.ts';
import type { CommandIo, ExitCode } from './command-io.ts';

/** Every command knows the first two; a calendar only those that are asked for times. */
export type OutputFormat = 'human' | 'json' | 'ical';

/** The options every command has. */
export interface CommonOptions {
  readonly root?: string;
  readonly format: OutputFormat;
  /** Absent: decided by the terminal. */
  readonly color?: boolean;
}

/** What a command works with: the process around it, and the common options understood. */
export interface CommandContext {
  readonly io: CommandIo;
  /** The project root, absolute. */
  readonly root: string;
  readonly format: OutputFormat;
  /** For standard output. */
  readonly paint: Paint;
  readonly hasColor: boolean;
  /** A line of the result, on standard output. */
  print(line: string): void;
  /** The result for programs, on standard output. */
  printJson(fields: Readonly<Record<string, unknown>>): void;
  /** A line about what happens, on standard error. */
  note(line: string): void;
}

/** Carries out a command within its context; its exit code becomes that of the process. */
export type Act = (work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

export const formatVersion = 1;

export function createContext(io: CommandIo, options: CommonOptions): CommandContext {
  const hasColor = wantsColor(io, options, 'stdout');
  return {
    io,
    root: resolve(io.cwd, options.root ?? '.'),
    format: options.format,
    paint: createPaint(hasColor),
    hasColor,
    print: (line) => void io.stdout.write(`${line}\n`),
    printJson: (fields) =>
      void io.stdout.write(`${JSON.stringify({ formatVersion, ...fields })}\n`),
    note: (line) => void io.stderr.write(`${line}\n`),
  };
}

/** `--color` can ask for colour where there is no terminal, but not against `NO_COLOR`. */
export function wantsColor(
  io: CommandIo,
  options: Pick<CommonOptions, 'color'>,
  stream: 'stdout' | 'stderr',
): boolean {
  if ((io.env.NO_COLOR ?? '') !== '') return false;
  return options.color ?? (io.isTerminal[stream] && io.env.TERM !== 'dumb');
}
