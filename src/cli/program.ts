import { statSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { JobsdError } from '../errors.ts';
import { version } from '../version.ts';
import {
  type Act,
  type CommandContext,
  type CommonOptions,
  createContext,
  type OutputFormat,
} from './command-context.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { type CommandEntry, commandList } from './command-list.ts';
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
        .choices(commonFormats)
        .default('human')
        .argParser(readFormat),
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
  defineOnDemand(program, (entry, work) => {
    const options = program.opts<CommonOptions>();
    return actWith(io, options, (context) => carryOut(entry, context, work), setExitCode);
  });
  return program;
}

const commonFormats = ['human', 'json'];

/** All formats: which command it is for is not known yet. */
function readFormat(written: string): OutputFormat {
  if (written === 'human' || written === 'json' || written === 'ical') return written;
  throw new InvalidArgumentError(
    `Allowed choices are ${commonFormats.join(', ')}, and for next also ical.`,
  );
}

async function carryOut(
  { name, hasCalendar }: CommandEntry,
  context: CommandContext,
  work: Parameters<Act>[0],
): Promise<ExitCode> {
  if (context.format === 'ical' && hasCalendar !== true) {
    const message = `--format: ${name} has no calendar. Allowed choices are ${commonFormats.join(', ')}.`;
    throw new JobsdError('JOBSD_USAGE', message);
  }
  return work(context);
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

function defineOnDemand(
  program: Command,
  act: (entry: CommandEntry, work: Parameters<Act>[0]) => Promise<void>,
): void {
  program.hook('preSubcommand', async (_program, command) => {
    const entry = commandList.find(({ name }) => name === command.name());
    if (entry === undefined) return;
    const module = await entry.load();
    module.define(command, (work) => act(entry, work));
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
