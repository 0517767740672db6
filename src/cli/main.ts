import { CommanderError } from 'commander';
import type { CommandIo, ExitCode } from './command-io.ts';
import { createProgram } from './program.ts';

/**
 * Carries out one command line (without the program's own name). Never throws and never ends the
 * process: the exit code is the answer.
 */
export async function main(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withHelpOption(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

/** `help next` is `next --help`, so that there is one way to a command's help. */
function withHelpOption(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  return first === 'help' ? [...rest, '--help'] : argv;
}
