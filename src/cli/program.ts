import { statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { JobsdError } from '../errors.ts';
import { version } from '../version.ts';
import { type Act, type CommonOptions, createContext } from './command-context.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { commandList } from './command-list.ts';
import { reportFailure } from './report-failure.ts';

const helpColumns = 80;

/**
 * The command line as commander reads it. It throws `CommanderError` where it would end the
 * process; `setExitCode` gets the code of the command that ran.
 */
export function createProgram(io: CommandIo, setExitCode: (code: ExitCode) => void): Command {
  const program = new Command('jobsd')
    .description('Runs scheduled integration jobs that are declared in files.')
    .version(version, '-V, --version', 'print the version')
    .addOption(new Option('--root <directory>', 'the project root (default: here)'))
    .addOption(
      new Option('--format <format>', 'for people or for programs')
        .choices(['human', 'json'])
        .default('human'),
    )
    .option('--color', 'colour, also where there is no terminal')
    .option('--no-color', 'no colour, also on a terminal')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput(outputTo(io))
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows how)');
  for (const { name, summary, group } of commandList) {
    program.command(name).summary(summary).description(sentence(summary)).helpGroup(group);
  }
  defineOnDemand(program, (work) => actWith(io, program.opts<CommonOptions>(), work, setExitCode));
  return program;
}

function outputTo(io: CommandIo) {
  const columns = () => Math.min(io.columns, helpColumns);
  return {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
    getOutHelpWidth: columns,
    getErrHelpWidth: columns,
  };
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function defineOnDemand(program: Command, act: Act): void {
  program.hook('preSubcommand', async (_program, command) => {
    const entry = commandList.find(({ name }) => name === command.name());
    const module = await entry?.load();
    module?.define(command, act);
  });
}

async function actWith(
  io: CommandIo,
  options: CommonOptions,
  work: Parameters<Act>[0],
  setExitCode: (code: ExitCode) => void,
): Promise<void> {
  const context = createContext(io, options);
  try {
    if (options.root !== undefined) refuseMissingRoot(context.root);
    setExitCode(await work(context));
  } catch (error) {
    setExitCode(reportFailure(context, error));
  }
}

function refuseMissingRoot(root: string): void {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new JobsdError('JOBSD_USAGE', `--root: ${root} is not a directory.`);
}
