import type { Command } from 'commander';
import { toRunView } from '../../http/run-view.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { examples } from '../view/examples.ts';

export function define(command: Command, act: Act): void {
  command
    .argument('<runs...>', 'ids of runs that ended without success; see jobsd runs --state dead')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd retry sync-data@20261120T170000Z', 'one more attempt, under the same id'],
        ['jobsd runs --state dead', 'what could be tried again'],
      )}

It runs with the definition it was made with, whatever was edited since.`,
    )
    .action((ids: string[]) => act((context) => retry(context, ids)));
}

/** Gives dead runs one more attempt each. */
export async function retry(context: CommandContext, ids: readonly string[]): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const actor = actorOf(context.io);
  const runs = [];
  for (const id of ids) runs.push(await daemon.retry(id, { actor }));
  if (context.format === 'json') context.printJson({ runs: runs.map(toRunView) });
  else for (const run of runs) context.print(`${run.id} ${run.state}`);
  return 0;
}
