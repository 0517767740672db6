import type { Command } from 'commander';
import type { ReloadResult } from '../../daemon/control.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { printFindings } from '../print-findings.ts';
import { examples } from '../view/examples.ts';
import { findingsView } from '../view/finding-view.ts';

export function define(command: Command, act: Act): void {
  command
    .addHelpText(
      'after',
      `${examples(['jobsd reload', 'exit code 1 when the files have errors'])}

A daemon reloads by itself when files change; this asks it to, and shows what it
says. Files with errors change nothing: the last good version stays in force.`,
    )
    .action(() => act(reload));
}

/** Makes the daemon read the files again, and shows what came of it. */
export async function reload(context: CommandContext): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const result = await daemon.reload();
  if (context.format === 'json') {
    const { findings, ...rest } = result;
    context.printJson({ ...rest, ...findingsView(findings) });
  } else {
    await printFindings(context, result.findings);
    context.print(words(result));
  }
  return result.ok ? 0 : 1;
}

function words({ ok, changed, revision }: ReloadResult): string {
  if (!ok) return `Refused: revision ${revision} stays in force.`;
  return changed ? `Revision ${revision} is in force.` : `Nothing changed: revision ${revision}.`;
}
