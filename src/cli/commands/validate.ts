import type { Command } from 'commander';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { loadFiles } from '../load-snapshot.ts';
import { printFindings } from '../print-findings.ts';
import { examples } from '../view/examples.ts';
import { findingsView } from '../view/finding-view.ts';

export function define(command: Command, act: Act): void {
  command
    .argument('[paths...]', 'files and directories instead of jobs.yaml and jobs.d/')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd validate', 'all files of the project'],
        ['jobsd validate jobs.d/reports.yaml', 'one file alone'],
        ['jobsd validate --format json', 'findings with file, line and column'],
      )}

Needs no daemon, no network and no secrets, and runs none of your code.
Exit code 1 when there are errors; warnings alone are fine.`,
    )
    .action((paths: string[]) => act((context) => validate(context, paths)));
}

/** Checks the files and shows every finding. */
export async function validate(
  context: CommandContext,
  paths: readonly string[],
): Promise<ExitCode> {
  const loaded = await loadFiles(context, paths);
  if (context.format === 'json') {
    context.printJson(findingsView(loaded.findings));
  } else {
    await printFindings(context, loaded.findings);
    if (loaded.ok) context.print(summary(context, loaded.snapshot));
  }
  return loaded.ok ? 0 : 1;
}

function summary({ paint }: CommandContext, snapshot: Snapshot): string {
  const { jobs, services, endpoints, revision } = snapshot;
  const counts = [
    counted(jobs.size, 'job'),
    counted(services.size, 'service'),
    counted(endpoints.size, 'endpoint'),
  ];
  return `${paint.green('Valid')}: ${counts.join(', ')}. Revision ${revision}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
