import type { Command } from 'commander';
import { readJsonArgument } from '../arguments/read-json-argument.ts';
import { carryOutRun } from '../carry-out-run.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { examples } from '../view/examples.ts';

export interface InvokeOptions {
  readonly payload?: string;
  readonly detach?: boolean;
}

export function define(command: Command, act: Act): void {
  command
    .argument('<service>')
    .option('--payload <json>', 'what the service gets: JSON, @file, or @- for stdin')
    .option('--detach', 'print the id of the run and do not wait for its end')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd invoke jobsd.ping', 'a built-in service'],
        [`jobsd invoke reports.nightly --payload '{"day":"2027-01-31"}'`, ''],
        ['jobsd invoke import.customers --payload @customers.json', 'from a file'],
      )}

The result goes to standard output, what the service wrote to standard error.
Runs in the daemon when there is one, else on its own.
Exit code 1 when it fails.`,
    )
    .action((service: string, options: InvokeOptions) =>
      act((context) => invoke(context, service, options)),
    );
}

/** Runs a service now, without a job. */
export async function invoke(
  context: CommandContext,
  name: string,
  { payload: written, detach = false }: InvokeOptions,
): Promise<ExitCode> {
  const payload = await readJsonArgument('--payload', written, context.io);
  const wish = { kind: 'service', name, actor: actorOf(context.io) } as const;
  return carryOutRun(context, payload === undefined ? wish : { ...wish, payload }, {
    isDetached: detach,
  });
}
