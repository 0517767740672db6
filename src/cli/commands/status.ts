import type { Command } from 'commander';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { examples } from '../view/examples.ts';
import { renderStatus } from '../view/render-status.ts';

export function define(command: Command, act: Act): void {
  command
    .addHelpText(
      'after',
      examples(
        ['jobsd status', 'how it is; exit code 3 when no daemon runs'],
        ['jobsd status --format json', 'the same for programs'],
      ),
    )
    .action(() => act(status));
}

/** Shows how the running daemon is. */
export async function status(context: CommandContext): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const view = await daemon.status();
  if (context.format === 'json') {
    context.printJson({ status: view });
    return 0;
  }
  const screen = { paint: context.paint, now: context.io.clock.now() };
  for (const line of renderStatus(view, screen)) context.print(line);
  return 0;
}
