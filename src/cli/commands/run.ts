import type { Command } from 'commander';
import { readJsonArgument } from '../arguments/read-json-argument.ts';
import { carryOutRun } from '../carry-out-run.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { examples } from '../view/examples.ts';

export interface RunOptions {
  readonly extra?: string;
  readonly detach?: boolean;
}

export function define(command: Command, act: Act): void {
  command
    .argument('<job>')
    .option('--extra <json>', 'instead of the declared extra: JSON, @file, or @- for stdin')
    .option('--detach', 'print the id of the run and do not wait for its end')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd run sync-data', 'now, whatever its schedule'],
        [`jobsd run sync-data --extra '{"key":"other"}'`, 'with another input'],
        ['jobsd run sync-data --detach', 'prints its id; see jobsd logs'],
      )}

The result goes to standard output, what the service wrote to standard error.
Runs in the daemon when there is one, else on its own.
Exit code 1 when it fails.`,
    )
    .action((job: string, options: RunOptions) => act((context) => run(context, job, options)));
}

/** Runs a job now. */
export async function run(
  context: CommandContext,
  name: string,
  { extra, detach = false }: RunOptions,
): Promise<ExitCode> {
  const payload = await readJsonArgument('--extra', extra, context.io);
  const wish = { kind: 'job', name, actor: actorOf(context.io) } as const;
  return carryOutRun(context, payload === undefined ? wish : { ...wish, payload }, {
    isDetached: detach,
  });
}
