import type { Command } from 'commander';
import type { Control } from '../../daemon/control.ts';
import { JobsdError } from '../../errors.ts';
import { readPauseTarget, type TargetOptions } from '../arguments/read-pause-target.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { examples } from '../view/examples.ts';

export function define(command: Command, act: Act): void {
  command
    .argument('[job]', 'the job to go on with')
    .option('--group <group>', 'the pause of a group')
    .option('--all', 'the pause of everything')
    .addHelpText(
      'after',
      `${examples(['jobsd resume sync-data', ''], ['jobsd resume --all', ''])}

Lifts one pause: a job whose group is paused as well stays so.`,
    )
    .action((job: string | undefined, options: TargetOptions) =>
      act((context) => resume(context, job, options)),
    );
}

/** Lifts a pause. */
export async function resume(
  context: CommandContext,
  job: string | undefined,
  options: TargetOptions,
): Promise<ExitCode> {
  const target = readPauseTarget(job, options);
  if (target === undefined) throw new JobsdError('JOBSD_USAGE', 'Name a job, --group or --all.');
  const daemon = await requireDaemon(context);
  await daemon.resume(target, { actor: actorOf(context.io) });
  if (context.format === 'json') context.printJson({ resumed: target });
  else context.print(`${target} goes on.`);
  if (target === `job:${job}` && (await isStillPaused(daemon, job))) {
    context.note('It stays paused all the same, by what lies above it. See: jobsd pause');
  }
  return 0;
}

/** A pause of its group or of everything is another one, and is not lifted. */
async function isStillPaused(daemon: Control, name: string | undefined): Promise<boolean> {
  const jobs = await daemon.jobs();
  return jobs.some((job) => job.name === name && job.paused);
}
