import type { Command } from 'commander';
import type { JobView } from '../../daemon/control.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { findDaemon } from '../find-daemon.ts';
import { offlineJobs } from '../offline-jobs.ts';
import { examples } from '../view/examples.ts';
import { renderJobs } from '../view/render-jobs.ts';

export function define(command: Command, act: Act): void {
  command
    .addHelpText(
      'after',
      `${examples(['jobsd jobs', ''], ['jobsd jobs --format json', 'everything known of each job'])}

Without a daemon the list comes from the files and the state file.`,
    )
    .action(() => act(jobs));
}

/** Lists the jobs, with their next and their last run. */
export async function jobs(context: CommandContext): Promise<ExitCode> {
  const daemon = await findDaemon(context);
  const found = daemon === undefined ? await offlineJobs(context) : await daemon.jobs();
  if (context.format === 'json') context.printJson({ jobs: found });
  else show(context, found);
  if (daemon === undefined) context.note('No daemon runs: nothing will fire until jobsd start.');
  return 0;
}

function show(context: CommandContext, found: readonly JobView[]): void {
  if (found.length === 0) {
    context.note('No jobs are declared.');
    return;
  }
  const { io, paint } = context;
  const screen = { width: io.columns, paint, now: io.clock.now() };
  for (const line of renderJobs(found, screen)) context.print(line);
}
