import type { Command } from 'commander';
import { toRunView } from '../../http/run-view.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { examples } from '../view/examples.ts';
import { renderRunEnd } from '../view/render-run-end.ts';

export function define(command: Command, act: Act): void {
  command
    .argument('<run>', 'the id of a run that waits, runs or retries; see jobsd runs')
    .option('--reason <text>', 'kept with the run')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd cancel sync-data@20261120T170000Z', ''],
        ['jobsd cancel sync-data@20261120T170000Z --reason "wrong input"', ''],
      )}

The service is asked to end, gets its grace, and then its host is killed.`,
    )
    .action((id: string, options: { reason?: string }) =>
      act((context) => cancel(context, id, options)),
    );
}

/** Ends a run before its time. */
export async function cancel(
  context: CommandContext,
  id: string,
  { reason }: { readonly reason?: string },
): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const actor = actorOf(context.io);
  const run = await daemon.cancel(id, { actor, ...(reason !== undefined && { reason }) });
  if (context.format === 'json') context.printJson({ run: toRunView(run) });
  else for (const line of renderRunEnd(run, context.paint)) context.print(line);
  return 0;
}
