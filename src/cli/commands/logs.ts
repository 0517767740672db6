import type { Command } from 'commander';
import type { LogLine, RunId } from '../../dispatch/run.ts';
import { JobsdError } from '../../errors.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { followRun } from '../follow-run.ts';
import { type LedgerReading, openLedger } from '../open-ledger.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { examples } from '../view/examples.ts';
import { renderLogLine } from '../view/render-log.ts';

export interface LogsOptions {
  readonly follow?: boolean;
}

export function define(command: Command, act: Act): void {
  command
    .argument('<run>', 'the id of a run, or a job: its newest run')
    .option('-f, --follow', 'go on until the run has ended')
    .addHelpText(
      'after',
      examples(
        ['jobsd logs sync-data', 'of the newest run of a job'],
        ['jobsd logs sync-data@20261120T170000Z', 'of one run (ids: jobsd runs)'],
        ['jobsd logs sync-data --follow', 'while it runs'],
      ),
    )
    .action((run: string, options: LogsOptions) => act((context) => logs(context, run, options)));
}

/** Shows what a run wrote; with `follow` until it has ended. */
export async function logs(
  context: CommandContext,
  name: string,
  { follow = false }: LogsOptions,
): Promise<ExitCode> {
  if (follow) return followLogs(context, name);
  const ledger = await openLedger(context);
  try {
    const id = await runIdOf(ledger, name);
    const lines = await ledger.logs(id);
    if (context.format === 'json') context.printJson({ run: id, lines: lines.map(lineView) });
    else for (const line of lines) context.print(renderLogLine(line, context.paint));
    if (lines.length === 0) context.note(`${id} wrote nothing.`);
    return 0;
  } finally {
    await ledger.close();
  }
}

/** As JSON, each line is an object of its own: nobody waits for the end of a list that grows. */
function followLogs(context: CommandContext, name: string): Promise<ExitCode> {
  return untilInterrupted(context.io, async (signal) => {
    const daemon = await requireDaemon(context, signal);
    const id = await runIdOf(daemon, name);
    const run = await followRun(daemon, id, (line) => {
      if (context.format === 'json') context.printJson(lineView(line));
      else context.print(renderLogLine(line, context.paint));
    });
    context.note(`${id} ${run.state}`);
    return 0;
  });
}

function lineView({ at, level, text }: LogLine) {
  return { at: new Date(at).toISOString(), level, text };
}

async function runIdOf(ledger: LedgerReading, name: string): Promise<RunId> {
  if (name.includes('@')) return name;
  const { runs } = await ledger.runs({ job: name, limit: 1 });
  const [newest] = runs;
  if (newest !== undefined) return newest.id;
  throw new JobsdError('JOBSD_RUN_NOT_FOUND', `There is no run of "${name}". See: jobsd runs`);
}
