import type { Command } from 'commander';
import type { PauseView } from '../../daemon/control.ts';
import { readPauseTarget, type TargetOptions } from '../arguments/read-pause-target.ts';
import { readUntil } from '../arguments/read-time.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { examples } from '../view/examples.ts';

interface PauseOptions extends TargetOptions {
  readonly until?: string;
  readonly reason?: string;
}

export function define(command: Command, act: Act): void {
  command
    .argument('[job]', 'the job to pause; without any, lists the pauses in force')
    .option('--group <group>', 'all jobs of a group')
    .option('--all', 'everything')
    .option('--until <time>', 'ends by itself: 2h, or 2026-12-24 18:00 (UTC unless it says so)')
    .option('--reason <text>', 'kept with the pause')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd pause', 'what is paused'],
        ['jobsd pause sync-data --until 2h --reason "vendor is down"', ''],
        ['jobsd pause --group etl', ''],
        ['jobsd pause --all --until "2026-12-24 18:00"', ''],
      )}

What falls into a pause is skipped, on record, and never caught up. Runs under
way go on, and what is asked for by hand or by the "on" of another job still
runs. The pause outlives a restart; jobsd resume lifts it.`,
    )
    .action((job: string | undefined, options: PauseOptions) =>
      act((context) => pause(context, job, options)),
    );
}

/** Lays a pause, or lists those in force. */
export async function pause(
  context: CommandContext,
  job: string | undefined,
  { until, reason, ...named }: PauseOptions,
): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const target = readPauseTarget(job, named);
  if (target === undefined) return list(context, await daemon.pauses());
  const now = context.io.clock.now();
  const end = until === undefined ? undefined : readUntil('--until', until, 'UTC', now);
  const laid = await daemon.pause(target, {
    actor: actorOf(context.io),
    ...(reason !== undefined && { reason }),
    ...(end !== undefined && { until: new Date(end).toISOString() }),
  });
  if (context.format === 'json') context.printJson({ pause: laid });
  else context.print(words(laid));
  return 0;
}

function list(context: CommandContext, pauses: readonly PauseView[]): ExitCode {
  if (context.format === 'json') context.printJson({ pauses });
  else if (pauses.length === 0) context.note('Nothing is paused.');
  else for (const each of pauses) context.print(words(each));
  return 0;
}

function words({ target, until, actor, reason }: PauseView): string {
  const end =
    until === undefined ? 'until it is resumed' : `until ${until.replace(/\.\d{3}Z$/, 'Z')}`;
  const by = actor === undefined ? '' : ` by ${actor}`;
  return `${target} is paused ${end}${by}${reason === undefined ? '' : `: ${reason}`}`;
}
